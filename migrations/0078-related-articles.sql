-- Of an article, what its readers read beside, the most related first (src/recommend/nightly). Replaced each night.
create table related_article (
  article_id  bigint primary key references article on delete cascade,
  related_ids bigint[] not null,
  made_at     timestamptz not null
);
create index related_article_made_at on related_article (made_at);
