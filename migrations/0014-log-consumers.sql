-- Who follows which log, and how far each durable follower has come: below the lowest position, rows of the log may go.
-- A follower not seen for an hour holds nothing back any more; it makes what it keeps anew when it comes back.
create table log_consumer (
  log     text not null,
  name    text not null,
  xid     xid8 not null,
  seq     bigint not null default 0,
  seen_at timestamptz not null default now(),
  primary key (log, name)
);

-- Rows of transactions below `xid` may be gone from the log, so nobody can catch up from before it.
create table log_floor (
  log text primary key,
  xid xid8 not null
);
insert into log_floor values ('change', '0'), ('counter_delta', '0');

-- With the transaction in it, what happened to one count since some moment is read without what happened before.
drop index counter_delta_of;
create index counter_delta_of on counter_delta (kind, key, xid);

-- Which history of this database a copy of the counts elsewhere was made from. The row is for `restore` to change; the
-- system, its timeline and the database's number differ by themselves in a copy, after going back in time, and elsewhere.
create table counter_epoch (
  one boolean primary key default true check (one),
  id  uuid not null default gen_random_uuid()
);
insert into counter_epoch default values;

create function counter_epoch() returns text language plpgsql stable as $$
declare
  place text := '';
begin
  begin
    place := (select system_identifier from pg_control_system()) || '.' || (select timeline_id from pg_control_checkpoint()) || '.';
  exception when insufficient_privilege then
    null; -- some hosts do not let us look; then the row and the database's number have to do
  end;
  return place || (select oid from pg_database where datname = current_database()) || '.' || (select id from counter_epoch);
end $$;

-- Copies elsewhere are cut into 256 shards. A prime between spreads ids that differ in their higher digits only, which
-- those of quiet days do.
create function counter_shard(key bigint) returns int language sql immutable parallel safe return ((key % 1000003) & 255)::int;

-- What the counts of one kind should be, or one count of it, worked out from the rows themselves. Unlike in
-- counter_truth(), what is not asked for is not computed.
create function counter_truth_of(kind text, only_key bigint default null) returns table (key bigint, value bigint) language plpgsql stable as $$
declare
  every text;
begin
  select string_agg(format('select key::bigint, d::bigint from (with rows as not materialized (select * from %I) %s) r where kind = %L%s',
    c.table_name, c.contributions, counter_truth_of.kind, case when only_key is null then '' else format(' and key = %L', only_key) end),
    ' union all ') into every from counted c;
  return query execute format('select key, sum(d)::bigint from (%s) every_row group by key having sum(d) <> 0', every);
end $$;

-- The last comparison of each kind with the rows.
create table reconcile_report (
  kind        text primary key,
  checked     bigint not null,           -- counts compared
  rows_drift  bigint not null,           -- by how much the counts kept in this database were wrong, all together
  store_drift bigint not null,           -- and those in the store elsewhere, at the same moment of the log
  repaired    int not null,              -- shards of that store corrected or made anew
  watermark   xid8 not null,             -- the moment of the log
  seconds     real not null,
  at          timestamptz not null default now()
);
