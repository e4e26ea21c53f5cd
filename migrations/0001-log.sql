-- The change log. Whatever changes a row, be it the API, an import or psql, these triggers note it in the statement's
-- own transaction: `counter_delta` says by how much each count moved, `change` says what is no longer as it was.
-- Rows are ordered by (xid, seq); everything below the oldest running transaction's xid is final (engines/log).

create table change (
  xid   xid8 not null default pg_current_xact_id(),
  seq   bigint generated always as identity,
  topic text not null,
  key   bigint not null,
  primary key (xid, seq)
);

create table counter_delta (
  xid  xid8 not null default pg_current_xact_id(),
  seq  bigint generated always as identity,
  kind text not null,
  key  bigint not null,
  d    bigint not null,
  primary key (xid, seq)
);
create index counter_delta_of on counter_delta (kind, key);

-- Deltas folded together. A count is its row here plus its deltas not folded yet (engines/counters).
create table counter (
  kind  text not null,
  key   bigint not null,
  value bigint not null,
  primary key (kind, key)
);

-- What each table contributes to which counts, as declared below: a query over a relation called `rows`.
create table counted (
  table_name    text primary key,
  contributions text not null
);

-- Declares the counts of a table once: `contributions` selects (kind, key, d) from `rows`. The same text makes the
-- statement triggers, where `rows` are the rows a statement put or took away, and the truth, where `rows` is the table.
create function declare_counts(table_name text, contributions text) returns void language plpgsql as $$
declare
  body constant text := 'begin insert into counter_delta (kind, key, d) select kind, key, sum(d) from (%s) each_row
    group by kind, key having sum(d) <> 0 order by kind, key; return null; end';
  added   constant text := format('select kind, key, d from (with rows as (select * from new_rows) %s) put', contributions);
  removed constant text := format('select kind, key, -d as d from (with rows as (select * from old_rows) %s) taken', contributions);
begin
  insert into counted values (table_name, contributions);
  execute format('create function %I() returns trigger language plpgsql as %L', 'count_inserted_' || table_name, format(body, added));
  execute format('create function %I() returns trigger language plpgsql as %L', 'count_deleted_' || table_name, format(body, removed));
  execute format('create function %I() returns trigger language plpgsql as %L', 'count_updated_' || table_name, format(body, added || ' union all ' || removed));
  execute format('create trigger count_inserted after insert on %I referencing new table as new_rows for each statement execute function %I()', table_name, 'count_inserted_' || table_name);
  execute format('create trigger count_deleted after delete on %I referencing old table as old_rows for each statement execute function %I()', table_name, 'count_deleted_' || table_name);
  execute format('create trigger count_updated after update on %I referencing new table as new_rows old table as old_rows for each statement execute function %I()', table_name, 'count_updated_' || table_name);
  execute format('create trigger count_truncated before truncate on %I for each statement execute function refuse_truncate()', table_name);
end $$;

-- TRUNCATE shows no rows to a trigger, so it would make the counts lie: DELETE does the same and is counted.
create function refuse_truncate() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are counted: use DELETE instead of TRUNCATE', tg_table_name;
end $$;

-- What the counts should be, worked out from the rows themselves.
create function counter_truth() returns table (kind text, key bigint, value bigint) language plpgsql stable as $$
declare
  every text;
begin
  select string_agg(format('select kind, key::bigint, d::bigint from (with rows as (select * from %I) %s) r', c.table_name, c.contributions), ' union all ') into every from counted c;
  return query execute format('select kind, key, sum(d)::bigint from (%s) every_row group by kind, key having sum(d) <> 0', every);
end $$;

-- Notes which rows of a table changed. `key` is the column that followers of `topic` know the thing by.
create function declare_changes(table_name text, topic text, key text) returns void language plpgsql as $$
declare
  body constant text := 'begin insert into change (topic, key) select distinct %L, %I from (%s) touched; if found then perform pg_notify(''change'', %L); end if; return null; end';
begin
  execute format('create function %I() returns trigger language plpgsql as %L', 'note_inserted_' || table_name, format(body, topic, key, 'select * from new_rows', topic));
  execute format('create function %I() returns trigger language plpgsql as %L', 'note_deleted_' || table_name, format(body, topic, key, 'select * from old_rows', topic));
  execute format('create function %I() returns trigger language plpgsql as %L', 'note_updated_' || table_name, format(body, topic, key, 'select * from new_rows union all select * from old_rows', topic));
  execute format('create trigger note_inserted after insert on %I referencing new table as new_rows for each statement execute function %I()', table_name, 'note_inserted_' || table_name);
  execute format('create trigger note_deleted after delete on %I referencing old table as old_rows for each statement execute function %I()', table_name, 'note_deleted_' || table_name);
  execute format('create trigger note_updated after update on %I referencing new table as new_rows old table as old_rows for each statement execute function %I()', table_name, 'note_updated_' || table_name);
end $$;
