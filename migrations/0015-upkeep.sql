-- When a process last said that it has this job. One it did not name, when it was the last to start, is in no code any more.
alter table job add column declared_at timestamptz not null default now();

-- What was shown is forgotten after a month, what was done is kept: each is found by its time without the other.
drop index behaviour_at;
create index behaviour_at on behaviour (at) where action <> 'exposure';
create index behaviour_shown on behaviour (at) where action = 'exposure';
