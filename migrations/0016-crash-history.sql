-- After a crash PostgreSQL gives numbers of transactions out again that were rolled back just before, for nothing of them was
-- on disk; one that takes over from another gives out those it had not heard of. Whoever had read a log up to there would
-- leave out what comes with such a number. What the server knows of itself is thrown away in both cases, and says since when.
create or replace function counter_epoch() returns text language plpgsql stable as $$
declare
  place text := '';
begin
  begin
    place := (select system_identifier from pg_control_system()) || '.' || (select timeline_id from pg_control_checkpoint()) || '.';
  exception when insufficient_privilege then
    null; -- some hosts do not let us look; then the rest has to do
  end;
  return place || coalesce(extract(epoch from pg_stat_get_bgwriter_stat_reset_time())::numeric::text, '') || '.'
    || (select oid from pg_database where datname = current_database()) || '.' || (select id from counter_epoch);
end $$;
