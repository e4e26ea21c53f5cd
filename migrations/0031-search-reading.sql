-- What readers do when they search.

-- The words a reader searched for, newest first; only they see them.
create table search_history (
  reader_id bigint not null references reader on delete cascade,
  keyword   text not null check (char_length(keyword) between 1 and 50),
  at        timestamptz not null default now(),
  primary key (reader_id, keyword)
);
create index search_history_newest on search_history (reader_id, at desc);

-- The ids found for a query, so that later pages are slices of the first one's list. May be lost: then it is ranked again.
create unlogged table search_list (
  key        text primary key,
  -- Who was shown it, to see what they open of it.
  viewer     text,
  query      text not null,
  ids        bigint[] not null,
  expires_at timestamptz not null
);
create index search_list_expiring on search_list (expires_at);
create index search_list_of on search_list (viewer, expires_at desc) where viewer is not null;

-- Who searched for what in which hour. `viewer` is a hash of the viewer and the query together: it counts different viewers of
-- one query, and does not show what else they searched for.
create table search_asked (
  query  text not null check (char_length(query) between 1 and 50),
  viewer bytea not null,
  hour   timestamptz not null,
  primary key (query, viewer, hour)
);
create index search_asked_hour on search_asked (hour);

-- What was opened from the results of which query, and where it stood there.
create table search_opening (
  id         bigint generated always as identity primary key,
  viewer     text not null,
  query      text not null,
  article_id bigint not null references article on delete cascade,
  position   smallint not null,
  at         timestamptz not null default now()
);
create index search_opening_at on search_opening (at);
create index search_opening_of on search_opening (article_id);

-- A search is a behaviour as well: interest in the article that answers it best.
alter table behaviour drop constraint behaviour_action_check;
alter table behaviour add constraint behaviour_action_check
  check (action in ('exposure', 'click', 'read', 'collect', 'share', 'like', 'dislike', 'search'));
