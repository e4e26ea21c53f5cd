-- After a crash PostgreSQL gives numbers of transactions out again that were rolled back just before, for nothing of them was
-- on disk; one that takes over from another gives out those it had not heard of. Whoever had read a log up to there would
-- leave out what comes with such a number. What the server knows of itself is thrown away by a crash, and says since when. The
-- timeline is asked of the log that is being written: the control file names the new one only after a checkpoint, which may
-- take minutes.
create or replace function counter_epoch() returns text language plpgsql stable as $$
declare
  place text := '';
begin
  begin
    place := (select system_identifier from pg_control_system()) || '.' ||
      ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int || '.';
  exception when insufficient_privilege or feature_not_supported then
    null; -- some hosts do not let us look; then the rest has to do
  end;
  return place || coalesce(extract(epoch from pg_stat_get_bgwriter_stat_reset_time())::numeric::text, '') || '.'
    || (select oid from pg_database where datname = current_database()) || '.' || (select id from counter_epoch);
end $$;

-- A dump read into another server brings along numbers that this one has not given out yet: what they count would be missing
-- until it comes to them, and followers stand before a floor that lies ahead of them. All of it is as if it had just happened.
-- Behaviours may stay as they are: whoever reads those once more, so much later, learns next to nothing from them. Asked at
-- each start; true when there was something to adopt.
create function adopt_logs() returns boolean language plpgsql volatile as $$
begin
  perform from log_floor where xid > pg_snapshot_xmax(pg_current_snapshot())
    union all (select from counter_delta where xid >= pg_snapshot_xmax(pg_current_snapshot()) limit 1)
    union all (select from change where xid >= pg_snapshot_xmax(pg_current_snapshot()) limit 1);
  if not found then
    return false;
  end if;
  update counter_epoch set id = gen_random_uuid();
  delete from log_consumer;
  update log_floor set xid = least(xid, pg_snapshot_xmin(pg_current_snapshot()));
  -- Compared with what each statement's own snapshot may see: others go on writing beside.
  update counter_delta set xid = pg_current_xact_id() where xid >= pg_snapshot_xmax(pg_current_snapshot()) and xid <> pg_current_xact_id();
  update change set xid = pg_current_xact_id() where xid >= pg_snapshot_xmax(pg_current_snapshot()) and xid <> pg_current_xact_id();
  return true;
end $$;
