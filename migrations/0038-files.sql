-- Files that readers upload. The row comes before its objects and is read on each request, so a file that is banned or
-- deleted is not served any more, whatever the store still holds.
create table stored_file (
  id           bigint primary key,
  -- Random, and never used again: `<32 hexadecimal digits>.jpg`.
  name         text not null unique,
  -- Null: uploaded without signing in.
  owner_id     bigint references reader on delete cascade,
  -- Encrypted, and without a public address.
  private      boolean not null default false,
  -- The picture itself, then its narrower copies: their widths, and their sizes in the same order.
  widths       int[] not null,
  bytes        int[] not null,
  -- False while the objects are being written.
  stored       boolean not null default false,
  banned       boolean not null default false,
  created_at   timestamptz not null default now(),
  -- Null while something refers to it.
  unused_since timestamptz default now(),
  check (cardinality(widths) = cardinality(bytes) and cardinality(widths) > 0)
);
create index stored_file_of_owner on stored_file (owner_id);
create index stored_file_unused on stored_file (unused_since) where unused_since is not null;

-- The objects of deleted files, until a job has removed them from the store.
create table file_removal (
  file_id   bigint primary key,
  name      text not null,
  widths    int[] not null,
  private   boolean not null,
  queued_at timestamptz not null default now()
);
create function queue_file_removal() returns trigger language plpgsql as $$
begin
  insert into file_removal (file_id, name, widths, private) select id, name, widths, private from old_rows;
  return null;
end $$;
create trigger queue_removal after delete on stored_file referencing old table as old_rows
  for each statement execute function queue_file_removal();
create trigger file_truncated before truncate on stored_file for each statement execute function refuse_truncate();

-- Which rows refer to a file. Triggers keep it, so imports and psql are covered too.
create table file_use (
  file_id    bigint not null references stored_file on delete cascade,
  table_name text not null,
  key        bigint not null,
  primary key (file_id, table_name, key)
);
create index file_use_of on file_use (table_name, key);

create function note_file_used() returns trigger language plpgsql as $$
begin
  update stored_file set unused_since = null where id in (select file_id from new_rows) and unused_since is not null;
  return null;
end $$;
-- The lock makes two transactions that remove the last two uses take turns: the second one sees that none is left.
create function note_file_unused() returns trigger language plpgsql as $$
begin
  perform from stored_file where id in (select file_id from old_rows) order by id for update;
  update stored_file set unused_since = now()
   where id in (select file_id from old_rows) and not exists (select from file_use where file_id = stored_file.id);
  return null;
end $$;
create trigger note_used after insert on file_use referencing new table as new_rows
  for each statement execute function note_file_used();
create trigger note_unused after delete on file_use referencing old table as old_rows
  for each statement execute function note_file_unused();

-- Declares where a table names files: `texts` selects (key, text) from `rows`. A name counts wherever it stands in the text,
-- because clients write absolute addresses and paths. Rows without `files/` should be left out early.
create function declare_file_uses(table_name text, texts text) returns void language plpgsql as $$
declare
  names constant text := $names$select distinct key, parts[1] as name from (with rows as (select * from %s) %s) each_text (key, text),
    regexp_matches(text, 'files/([0-9a-f]{32}\.(?:jpg|png|gif|webp))', 'g') matched (parts)$names$;
  old_names constant text := format(names, 'old_rows', texts);
  new_names constant text := format(names, 'new_rows', texts);
  -- The lock keeps a file from being deleted between this statement and the commit.
  adding constant text := 'insert into file_use select stored_file.id, %L, named.key from (%s) named join stored_file using (name)
    order by stored_file.id for key share of stored_file on conflict do nothing;';
  removing constant text := 'delete from file_use using (%s) named join stored_file using (name)
    where file_use.file_id = stored_file.id and file_use.table_name = %L and file_use.key = named.key;';
  body constant text := 'begin %s return null; end';
begin
  execute format('create function %I() returns trigger language plpgsql as %L', 'use_files_inserted_' || table_name,
    format(body, format(adding, table_name, new_names)));
  execute format('create function %I() returns trigger language plpgsql as %L', 'use_files_deleted_' || table_name,
    format(body, format(removing, old_names, table_name)));
  execute format('create function %I() returns trigger language plpgsql as %L', 'use_files_updated_' || table_name,
    format(body, format(removing, old_names || ' except ' || new_names, table_name) || ' ' || format(adding, table_name, new_names || ' except ' || old_names)));
  execute format('create trigger use_files_inserted after insert on %I referencing new table as new_rows for each statement execute function %I()', table_name, 'use_files_inserted_' || table_name);
  execute format('create trigger use_files_deleted after delete on %I referencing old table as old_rows for each statement execute function %I()', table_name, 'use_files_deleted_' || table_name);
  execute format('create trigger use_files_updated after update on %I referencing new table as new_rows old table as old_rows for each statement execute function %I()', table_name, 'use_files_updated_' || table_name);
end $$;

select declare_file_uses('reader', $$select id, photo from rows where photo like '%files/%'$$);
select declare_file_uses('article', $$select id, address from rows, unnest(cover) address where address like '%files/%'$$);
select declare_file_uses('article_content', $$select article_id, html from rows where html like '%files/%'$$);

-- The pictures a creator keeps for articles.
create table material (
  id         int generated always as identity primary key,
  reader_id  bigint not null references reader on delete cascade,
  file_id    bigint not null unique references stored_file on delete cascade,
  collected  boolean not null default false,
  created_at timestamptz not null default now()
);
create index material_of_reader on material (reader_id, collected desc, id desc);
select declare_file_uses('material', $$select rows.id, 'files/' || stored_file.name from rows join stored_file on stored_file.id = rows.file_id$$);
