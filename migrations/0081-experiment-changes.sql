-- Counting stores a position and figures in the running experiment, some hundred times in a run. Recommenders are told of what changes
-- their rankings only: one starts, one ends, one is gone.
drop trigger note_updated on experiment;
drop function note_updated_experiment();
create function note_ended_experiment() returns trigger language plpgsql as $$
begin
  insert into change (topic, key) values ('policy', new.id);
  perform pg_notify('change', 'policy');
  return null;
end $$;
create trigger note_updated after update on experiment for each row when (old.state <> new.state) execute function note_ended_experiment();

-- Complaints from before all processes have heard of the experiment do not count, as pages do not.
alter table complaint add column at timestamptz not null default now();
