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
