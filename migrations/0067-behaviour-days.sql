-- Behaviours that are too old to be kept one by one, added up: for each article, day (UTC), action and channel of the page. An
-- article's counts go on to include them.
create table behaviour_day (
  article_id   bigint not null references article,
  day          date not null,
  action       text not null,
  from_channel int,
  behaviours   int not null check (behaviours > 0),
  unique nulls not distinct (article_id, day, action, from_channel)
);
create index behaviour_day_of on behaviour_day (action, day);
select declare_counts('behaviour_day', $$
  select 'article.reads' kind, article_id key, behaviours d from rows where action = 'click'
  union all select 'article.shares', article_id, behaviours from rows where action = 'share'
  union all select 'reader.reads_received', author_id, behaviours from rows left join article on article.id = rows.article_id where action = 'click'
$$);

-- Both together, for figures of long periods. What was added up happened at the beginning of its day.
create view behaviour_figure as
  select article_id, at, action, from_channel, 1 as behaviours from behaviour
  union all
  select article_id, day::timestamp at time zone 'UTC', action, from_channel, behaviours from behaviour_day;

-- Events that were not written as behaviours, and why: the newest of them, for an operator who asks what a client does wrong.
create table behaviour_refused (
  id     bigint generated always as identity primary key,
  at     timestamptz not null default now(),
  viewer text,
  action text,
  -- Which rule: invalid, limited, no_article, no_page or too_many. `reason` is what the client was told.
  rule   text not null,
  reason text not null,
  -- As the client sent it, cut to a thousand characters.
  event  text
);
create index behaviour_refused_of on behaviour_refused (viewer) where viewer is not null;
