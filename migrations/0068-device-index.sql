-- A device is looked up by its key, and forgotten ones are deleted in the order of their keys: no query looks for the oldest.
drop index device_old;
