-- One answered feed request of a viewer who can be recognised. A page never changes once it is served.
create table page (
  id          bigint primary key,
  viewer      text not null,
  channel_id  int not null,
  -- The page with which the reader's scroll began; its own id on a refresh.
  scroll      bigint not null,
  -- The number under which this page is asked for again, and the one that asks for what comes after it. Milliseconds
  -- on a refresh, and counting down from there: no number of a viewer and channel is ever given out twice.
  stamp       bigint not null,
  older       bigint not null,
  -- On a refresh, the timestamp the client sent: the same one again within minutes is a retry.
  asked       bigint,
  article_ids bigint[] not null,
  -- Beside each article: the source that found it, and the chance with which it was put there, in thousandths.
  sources     smallint[] not null,
  propensity  smallint[] not null,
  policy      smallint not null,
  made_at     timestamptz not null default now(),
  unique (viewer, channel_id, stamp),
  unique (viewer, channel_id, older)
);
-- The two numbers of a viewer's next page in a channel: its own, and its continuation's, which is below every number given
-- out so far and none that a client sent of itself, lest a retry be taken for a continuation. No row when the page is there
-- already: stored by whoever else was asked to continue the same page, or for the same timestamp a moment ago. One at a
-- time for each viewer and channel, and each sees what the one before stored, because a statement in here looks at the
-- rows anew after it has waited.
create function next_page_numbers(the_viewer text, the_channel int, continued bigint, the_asked bigint, now_ms bigint, retry interval)
-- Its plans are kept, and were made when there were hardly any pages: read from end to end then, they would be for ever.
returns table (stamp bigint, older bigint) language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  own  bigint;
  next bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended(the_viewer, the_channel));
  if exists (
    select from page where viewer = the_viewer and channel_id = the_channel
       and case when continued is null then asked = the_asked and made_at > clock_timestamp() - retry else page.stamp = continued end
  ) then
    return;
  end if;
  select coalesce(continued, greatest(now_ms, max(page.stamp) + 1)), least(min(page.stamp), min(page.older))
    into own, next from page where viewer = the_viewer and channel_id = the_channel;
  next := least(own, next) - 1;
  while next = the_asked or exists (select from page where viewer = the_viewer and channel_id = the_channel and asked = next) loop
    next := next - 1;
  end loop;
  return query select own, next;
end $$;

create index page_asked on page (viewer, channel_id, asked) where asked is not null;
create index page_recent on page (viewer, made_at desc);
create index page_old on page (made_at);

-- The list of a channel for those we cannot recognise, one a minute: everyone who asks in that minute reads the same.
create table shared_list (
  channel_id  int not null,
  minute      bigint not null,
  article_ids bigint[] not null,
  primary key (channel_id, minute)
);
create index shared_list_old on shared_list (minute);

-- What viewers did. `id` makes a behaviour count once however often it is sent; rows are also a log, ordered by (xid, seq).
create table behaviour (
  id         uuid primary key,
  xid        xid8 not null default pg_current_xact_id(),
  seq        bigint generated always as identity,
  action     text not null check (action in ('exposure', 'click', 'read', 'collect', 'share', 'like', 'dislike')),
  viewer     text,
  article_id bigint not null references article,
  -- The page it came from and the place there, when the trace said so.
  page_id    bigint,
  position   smallint,
  dwell_ms   int check (dwell_ms >= 0),
  at         timestamptz not null default now()
);
create index behaviour_log on behaviour (xid, seq);
create index behaviour_of on behaviour (viewer, at) where viewer is not null;
create index behaviour_on on behaviour (article_id);
create index behaviour_at on behaviour (at);
-- Opening an article is a click, wherever the reader came from; `read` adds how long they stayed. `left` as in attitude.
select declare_counts('behaviour', $$
  select 'article.reads' kind, article_id key, 1 d from rows where action = 'click'
  union all select 'article.shares', article_id, 1 from rows where action = 'share'
  union all select 'reader.reads_received', author_id, 1 from rows left join article on article.id = rows.article_id where action = 'click'
$$);

-- What a reader has read, newest first.
create table history (
  reader_id  bigint not null references reader on delete cascade,
  article_id bigint not null references article on delete cascade,
  at         timestamptz not null default now(),
  primary key (reader_id, article_id)
);
create index history_newest on history (reader_id, at desc);
create index history_of on history (article_id);
