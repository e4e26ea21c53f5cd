-- Articles that editors put before all others of a channel, the highest rank first. Channel 0, the recommended one, is no
-- row of `channel`; a place in a channel that is gone is asked for by nobody.
create table top_article (
  channel_id int not null check (channel_id >= 0),
  article_id bigint not null references article on delete cascade,
  rank       int not null,
  pinned_at  timestamptz not null default now(),
  primary key (channel_id, article_id)
);
create index top_article_of on top_article (article_id);
select declare_changes('top_article', 'top', 'article_id');
