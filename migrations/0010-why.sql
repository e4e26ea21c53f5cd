-- Why each article stands on a page: what was known when it was put there, for whoever asks later.
alter table page add column why jsonb;

-- What was seen on pages that are no longer kept, by day.
create table seen_day (
  viewer      text not null,
  day         date not null,
  article_ids bigint[] not null,
  primary key (viewer, day)
);
create index seen_day_old on seen_day (day);
