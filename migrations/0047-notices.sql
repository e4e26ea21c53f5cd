-- What happened between readers. The statement that likes, follows, comments, blocks or publishes writes its event in the same
-- transaction; so does the one that undoes it. An event only says where to look: the rows say what is true now.
create table event (
  xid       xid8 not null default pg_current_xact_id(),
  seq       bigint generated always as identity,
  kind      text not null,
  actor_id  bigint not null,
  -- What the actor did it to: an article, a comment or a reader.
  target_id bigint not null,
  at        timestamptz not null default now(),
  primary key (xid, seq)
);
insert into log_floor values ('event', '0');

-- Declares the events of a table once: `facts` selects (kind, actor_id, target_id) from `rows`. A statement writes an event for
-- each fact that it added or removed, and none for one that stays.
create function declare_events(table_name text, facts text) returns void language plpgsql as $$
declare
  body constant text := 'begin insert into event (kind, actor_id, target_id) select kind, actor_id, target_id from (%s) fact;
    if found then perform pg_notify(''event'', ''''); end if; return null; end';
  added   constant text := format('select * from (with rows as (select * from new_rows) %s) put', facts);
  removed constant text := format('select * from (with rows as (select * from old_rows) %s) taken', facts);
  changed constant text := format('(%s except %s) union (%s except %s)', added, removed, removed, added);
begin
  execute format('create function %I() returns trigger language plpgsql as %L', 'event_inserted_' || table_name, format(body, added));
  execute format('create function %I() returns trigger language plpgsql as %L', 'event_deleted_' || table_name, format(body, removed));
  execute format('create function %I() returns trigger language plpgsql as %L', 'event_updated_' || table_name, format(body, changed));
  execute format('create trigger event_inserted after insert on %I referencing new table as new_rows for each statement execute function %I()', table_name, 'event_inserted_' || table_name);
  execute format('create trigger event_deleted after delete on %I referencing old table as old_rows for each statement execute function %I()', table_name, 'event_deleted_' || table_name);
  execute format('create trigger event_updated after update on %I referencing new table as new_rows old table as old_rows for each statement execute function %I()', table_name, 'event_updated_' || table_name);
end $$;

select declare_events('attitude', $$select 'like' kind, reader_id actor_id, article_id target_id from rows where value = 1$$);
select declare_events('following', $$select 'follow' kind, reader_id actor_id, creator_id target_id from rows$$);
select declare_events('comment', $$select 'comment' kind, author_id actor_id, id target_id from rows where status = 1$$);
select declare_events('comment_liking', $$select 'comment-like' kind, reader_id actor_id, comment_id target_id from rows$$);
select declare_events('blocking', $$select 'block' kind, reader_id actor_id, blocked_id target_id from rows$$);
-- An import of years of articles is no news. Notices are kept as long.
select declare_events('article', $$
  select 'publish' kind, author_id actor_id, id target_id from rows where status = 2 and published_at > now() - interval '30 days'
$$);

-- What a reader is told. Rows are also a log, ordered by (xid, seq), from which sockets are served.
create sequence notice_seq;
create table notice (
  xid        xid8 not null default pg_current_xact_id(),
  -- The id. Those who write notices do so one after another, so that ids grow in the order of commits.
  seq        bigint not null default nextval('notice_seq'),
  reader_id  bigint not null references reader on delete cascade,
  kind       text not null check (kind in ('like', 'follow', 'comment', 'reply', 'comment-like', 'article')),
  actor_id   bigint not null,
  -- With the actor and the kind it names the fact: the article that was liked or published, the comment; 0 for a follow.
  subject_id bigint not null,
  article_id bigint,
  at         timestamptz not null default now(),
  read_at    timestamptz,
  -- The fact was undone. If it comes back, so does the notice, without a push.
  withdrawn  boolean not null default false,
  primary key (reader_id, seq)
);
create unique index notice_once on notice (reader_id, kind, subject_id, actor_id);
create index notice_log on notice (xid, seq);
create index notice_unread on notice (reader_id) where read_at is null and not withdrawn;
create index notice_about on notice (subject_id) where kind = 'article';

create function note_notices() returns trigger language plpgsql as $$
begin
  perform pg_notify('notice', '');
  return null;
end $$;
create trigger notice_inserted after insert on notice for each statement execute function note_notices();

-- Articles whose followers are still to be told, or to be told no more.
create table notice_fanout (
  article_id bigint primary key references article on delete cascade,
  -- When the article is published: it may be dated in the future.
  due_at     timestamptz not null,
  withdraws  boolean not null,
  -- The last follower who was told. Followers are told from the newest on.
  after_at   timestamptz not null default 'infinity',
  after_id   bigint not null default 0
);
create index notice_fanout_due on notice_fanout (due_at);

create table notice_setting (
  reader_id  bigint primary key references reader on delete cascade,
  -- Kinds of which no notices are made.
  muted      text[] not null default '{}',
  -- Minutes of the day, in TIMEZONE, between which nothing is pushed. Notices are made all the same.
  quiet_from smallint check (quiet_from between 0 and 1439),
  quiet_to   smallint check (quiet_to between 0 and 1439),
  -- Whether others may see that the reader is online.
  presence   boolean not null default false,
  check ((quiet_from is null) = (quiet_to is null))
);

-- Also the events and notices of a database that was restored from another server.
alter function adopt_logs() rename to adopt_change_logs;
create function adopt_logs() returns boolean language plpgsql volatile as $$
declare
  adopted boolean := adopt_change_logs();
begin
  if adopted or exists (select from event where xid >= pg_snapshot_xmax(pg_current_snapshot()) limit 1) then
    delete from event;
    update notice set xid = '0' where xid <> '0';
  end if;
  return adopted;
end $$;
