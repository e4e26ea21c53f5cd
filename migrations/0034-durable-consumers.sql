-- Consumers of a log whose offset survives a restart (engines/log). Those that keep their offset elsewhere have no lineage.
-- One worker at a time runs a consumer: the one with the lease, which it renews. Another takes it over when it has ended.
alter table log_consumer
  add column lineage text,
  add column caught_up_at timestamptz,
  add column lease_holder text,
  add column lease_until timestamptz;

-- Changes whose effect threw. The others went on. `next_at` is when the effect is tried again; null: when an operator asks.
create table set_aside (
  id       bigint generated always as identity primary key,
  log      text not null,
  consumer text not null,
  xid      xid8 not null,
  seq      bigint not null,
  row      jsonb not null, -- as the consumer read it: the log may lose its row meanwhile
  reason   text not null,
  attempts int not null default 1,
  since    timestamptz not null default now(),
  tried_at timestamptz not null default now(),
  next_at  timestamptz
);
create index set_aside_of on set_aside (log, consumer, next_at);

-- Unlike counter_epoch(), the same after a crash of PostgreSQL. An offset in the database was committed by a transaction
-- above it, so recovery assigns no transaction id below the offset again. It differs after going back in time or elsewhere.
create function log_lineage() returns text language plpgsql stable as $$
declare
  place text := '';
begin
  begin
    place := (select system_identifier from pg_control_system()) || '.' ||
      ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int || '.';
  exception when insufficient_privilege or feature_not_supported then
    null; -- some hosts do not allow it; then the rest has to do
  end;
  return place || (select oid from pg_database where datname = current_database()) || '.' || (select id from counter_epoch);
end $$;

