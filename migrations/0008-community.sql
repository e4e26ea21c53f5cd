-- What a reader finds wrong with an article: once each.
create table report (
  reader_id  bigint not null references reader,
  article_id bigint not null references article,
  -- 0 other, 1 exaggerated title, 2 vulgar, 3 typos, 4 old, 5 advertising, 6 untrue, 7 illegal, 8 infringing: the contract's.
  type       smallint not null check (type between 0 and 8),
  -- Only "other" has to be explained.
  remark     text check (remark is null or (type = 0 and char_length(remark) <= 200)),
  at         timestamptz not null default now(),
  primary key (reader_id, article_id)
);
create index report_on on report (article_id);

-- Whom a reader does not want to hear of. Nobody is followed and blocked by the same reader.
create table blocking (
  reader_id  bigint not null references reader,
  blocked_id bigint not null references reader,
  at         timestamptz not null default now(),
  primary key (reader_id, blocked_id),
  check (reader_id <> blocked_id)
);
create index blocking_of on blocking (blocked_id);

-- Lists are read from their newest end, comments with the pinned ones before all others.
create index following_newest on following (reader_id, at desc, creator_id desc);
create index follower_newest on following (creator_id, at desc, reader_id desc);
create index collection_newest on collection (reader_id, at desc, article_id desc);
create index comment_listed on comment (article_id, pinned desc, id desc) where parent_id is null and status = 1;
create index reply_listed on comment (parent_id, pinned desc, id desc) where parent_id is not null;
drop index following_of, comment_on, comment_reply;
