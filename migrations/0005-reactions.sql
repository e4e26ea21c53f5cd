create table attitude (
  reader_id  bigint not null references reader,
  article_id bigint not null references article,
  -- 1 like, 0 dislike: the contract's numbers. No row: neither.
  value      smallint not null check (value in (0, 1)),
  at         timestamptz not null default now(),
  primary key (reader_id, article_id)
);
create index attitude_to on attitude (article_id);
-- `left`: a statement that deletes an article beside its likes is refused, for lack of a key, instead of not counted.
select declare_counts('attitude', $$
  select 'article.likes' kind, article_id key, 1 d from rows where value = 1
  union all select 'article.dislikes', article_id, 1 from rows where value = 0
  union all select 'reader.likes_received', author_id, 1 from rows left join article on article.id = rows.article_id where value = 1
$$);

create table collection (
  reader_id  bigint not null references reader,
  article_id bigint not null references article,
  at         timestamptz not null default now(),
  primary key (reader_id, article_id)
);
create index collection_of on collection (article_id);
select declare_counts('collection', $$
  select 'article.collections' kind, article_id key, 1 d from rows
$$);

create table comment (
  id         bigint primary key,
  article_id bigint not null references article,
  author_id  bigint not null references reader,
  parent_id  bigint references comment,
  content    text not null check (char_length(content) between 1 and 2000),
  -- 0 to review, 1 shown, 2 refused, 3 deleted: the contract's numbers.
  status     smallint not null default 1 check (status between 0 and 3),
  pinned     boolean not null default false,
  created_at timestamptz not null default now()
);
create index comment_on on comment (article_id, id desc) where parent_id is null;
create index comment_reply on comment (parent_id, id desc) where parent_id is not null;
create index comment_by on comment (author_id);
select declare_counts('comment', $$
  select 'article.comments' kind, article_id key, 1 d from rows where status = 1
  union all select 'comment.replies', parent_id, 1 from rows where status = 1 and parent_id is not null
$$);

create table comment_liking (
  reader_id  bigint not null references reader,
  comment_id bigint not null references comment,
  at         timestamptz not null default now(),
  primary key (reader_id, comment_id)
);
create index comment_liking_to on comment_liking (comment_id);
select declare_counts('comment_liking', $$
  select 'comment.likes' kind, comment_id key, 1 d from rows
$$);

create table following (
  reader_id  bigint not null references reader,
  creator_id bigint not null references reader,
  at         timestamptz not null default now(),
  primary key (reader_id, creator_id),
  check (reader_id <> creator_id)
);
create index following_of on following (creator_id);
select declare_counts('following', $$
  select 'reader.followings' kind, reader_id key, 1 d from rows
  union all select 'reader.followers', creator_id, 1 from rows
$$);
