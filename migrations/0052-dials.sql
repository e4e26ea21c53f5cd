-- What a viewer has told the feed: topics they want, and what they do not want to see. One row with bounded lists, so that a page
-- reads it by its key. Ids in the lists may be of rows deleted since: they match nothing. `version` grows with each change; a page
-- is stored only if it was ranked with the current one.
create table dial (
  viewer         text primary key,
  interests      int[] not null default '{}',
  language       text check (language in ('zh', 'en')),
  muted_authors  bigint[] not null default '{}',
  muted_channels int[] not null default '{}',
  -- In lower case: titles are compared without case.
  muted_words    text[] not null default '{}',
  -- Articles, the newest last.
  not_interested bigint[] not null default '{}',
  version        int not null default 1,
  changed_at     timestamptz not null default now()
);
create index dial_of_device on dial (changed_at) where viewer like 'd%';

-- What a reader finds wrong with a comment: once each. As for articles, in the table `report`.
create table comment_report (
  reader_id  bigint not null references reader,
  comment_id bigint not null references comment on delete cascade,
  type       smallint not null check (type between 0 and 8),
  remark     text check (remark is null or (type = 0 and char_length(remark) <= 200)),
  at         timestamptz not null default now(),
  primary key (reader_id, comment_id)
);
create index comment_report_on on comment_report (comment_id);
