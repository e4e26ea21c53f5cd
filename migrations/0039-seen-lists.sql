-- The seen articles that a feed session shows again when nothing unseen is left, longest ago first. A list never changes; its rows
-- hold a hundred articles each, so that a page reads the same few however long the list is.
create table seen_list (
  id          bigint not null,
  chunk       int not null,
  article_ids bigint[] not null,
  made_at     timestamptz not null default now(),
  primary key (id, chunk)
);
create index seen_list_old on seen_list (made_at);

-- On a page of such a session: its list, the place in the list after this page, and when the ranking last found that nothing else
-- was left (milliseconds since 1970; 0 if it did not).
alter table page add column seen_list bigint, add column seen_end int, add column nothing_unseen_at bigint;
