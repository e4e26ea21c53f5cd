-- Which articles the same readers read, as vectors (src/recommend/factors). Trained each night.
create table article_factors (
  only_one boolean primary key default true check (only_one),
  made_at  timestamptz not null,
  body     bytea not null
);
