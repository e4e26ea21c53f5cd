-- What the operators tell all readers.
create table announcement (
  id           bigint primary key,
  title        text not null check (char_length(title) between 1 and 100),
  html         text not null,
  published_at timestamptz not null default now()
);
create index announcement_newest on announcement (published_at desc, id desc);
