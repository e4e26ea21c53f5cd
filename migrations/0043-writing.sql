-- Articles as their authors write them (features/writing).
alter table article
  -- When the article may be seen at the earliest; null: as soon as it is approved.
  add column publish_at    timestamptz,
  -- The first approval. An article that is approved again after an edit keeps its publication date.
  add column approved_at   timestamptz,
  add column reject_reason text check (char_length(reject_reason) between 1 and 200);
create index article_in_review on article (updated_at) where status = 1;

-- What an author saved, each time. The newest fifty of an article are kept.
create table article_revision (
  article_id bigint      not null references article on delete cascade,
  number     int         not null check (number > 0),
  title      text        not null,
  html       text        not null,
  cover      text[]      not null,
  channel_id int         not null,
  status     smallint    not null,
  saved_at   timestamptz not null default now(),
  primary key (article_id, number)
);

-- What stands in an editor that has not been saved: one per author and article. article_id 0: a new article.
create table autosave (
  author_id  bigint      not null references reader on delete cascade,
  article_id bigint      not null,
  content    jsonb       not null,
  saved_at   timestamptz not null default now(),
  primary key (author_id, article_id)
);
create index autosave_old on autosave (saved_at);

-- Every decision about an article.
create table article_review (
  article_id bigint      not null references article on delete cascade,
  at         timestamptz not null default clock_timestamp(),
  reviewer   text        not null,
  action     text        not null check (action in ('approve', 'reject', 'ban', 'unban')),
  reason     text check (char_length(reason) <= 200),
  primary key (article_id, at)
);

-- A text's SimHash of 64 bits, to find near-duplicates. `bands` are its four quarters, each with its number in front: texts
-- that differ in at most three bits have a quarter in common.
create table article_simhash (
  article_id bigint primary key references article on delete cascade,
  hash       bigint not null,
  bands      int[]  not null check (cardinality(bands) = 4)
);
create index article_simhash_bands on article_simhash using gin (bands);

-- The channel whose page an article was opened from: pages themselves are deleted after some days. Null: from no stored page.
alter table behaviour add column from_channel int;
-- An author's comments, statistics and the lists of their articles.
create index comment_of on comment (article_id);
