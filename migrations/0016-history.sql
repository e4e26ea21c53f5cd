-- The timeline is asked of the log that is being written: the control file names the new one only after a checkpoint, which
-- may take minutes, and a server that was just promoted has long given out numbers that its predecessor gave out as well.
create or replace function counter_epoch() returns text language plpgsql stable as $$
declare
  place text := '';
begin
  begin
    place := (select system_identifier from pg_control_system()) || '.' ||
      ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int || '.';
  exception when insufficient_privilege or feature_not_supported then
    null; -- some hosts do not let us look; then the row and the database's number have to do
  end;
  return place || (select oid from pg_database where datname = current_database()) || '.' || (select id from counter_epoch);
end $$;

-- A crash forgets whatever of the write-ahead log was not on disk yet, and gives out the numbers of those transactions again:
-- of such as were rolled back, since a commit is on disk before anybody sees it. So whoever asks where a log ends, and
-- remembers it, asks this in the same statement: all that its snapshot takes for over is on the disk when it answers.
create function log_is_on_disk() returns boolean language plpgsql volatile as $$
begin
  if pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn() then
    return true;
  end if;
  if current_setting('server_version_num')::int >= 170000 then
    perform pg_logical_emit_message(false, 'broadsheet', '', true);
  else -- these write it only with the commit, which takes a number of its own
    perform set_config('synchronous_commit', 'local', true), pg_logical_emit_message(true, 'broadsheet', '');
  end if;
  return true;
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
