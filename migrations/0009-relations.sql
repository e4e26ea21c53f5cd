-- Whom a reader follows or blocks decides what they are shown: a change is noted under the reader.
select declare_changes('following', 'relations', 'reader_id');
select declare_changes('blocking', 'relations', 'reader_id');
