-- What was shown is forgotten after a month, what was done is kept: each is found by its time without the other. Writes to
-- the table wait while these are built, reads do not: what locks them out as well comes last, and takes moments.
create index behaviour_done on behaviour (at) where action <> 'exposure';
create index behaviour_shown on behaviour (at) where action = 'exposure';
drop index behaviour_at;

-- Since when processes start that do not have this job; null while whoever started last has it.
alter table job add column removed_at timestamptz;
