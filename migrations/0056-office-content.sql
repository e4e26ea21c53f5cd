-- What administrators decide about readers and articles.

-- Readers whom administrators register may have an account name and say where they work.
alter table reader
  add column account text unique check (char_length(account) between 1 and 20),
  add column area    text check (char_length(area) <= 20),
  add column company text check (char_length(company) <= 20),
  add column career  text check (char_length(career) <= 20);

-- Applications to be verified as an author: one is open as long as it waits. What it is about stands in `identity`.
create table legalize (
  id            bigint generated always as identity primary key,
  reader_id     bigint not null references reader on delete cascade,
  -- 1 waiting, 2 approved, 3 rejected: the contract's numbers.
  status        smallint not null default 1 check (status between 1 and 3),
  reject_reason text check (char_length(reject_reason) <= 200),
  created_at    timestamptz not null default now(),
  decided_at    timestamptz
);
create unique index legalize_waiting on legalize (reader_id) where status = 1;
create index legalize_of on legalize (reader_id);
create index legalize_by_status on legalize (status, id);
insert into legalize (reader_id) select reader_id from identity where real_name is not null and id_number is not null
   and not exists (select from reader where id = reader_id and is_verified);

-- `delete`: an editor deletes an article. `uphold`, `overturn`: an appeal against a rejection or a ban was heard.
alter table article_review drop constraint article_review_action_check;
alter table article_review add constraint article_review_action_check
  check (action in ('approve', 'reject', 'ban', 'unban', 'delete', 'uphold', 'overturn'));

-- An author asks that the last decision about an article be reconsidered. Once for each decision.
create table appeal (
  id         bigint generated always as identity primary key,
  article_id bigint not null references article on delete cascade,
  -- The decision: the moment of its row in article_review.
  decided_at timestamptz not null,
  reason     text not null check (char_length(reason) between 1 and 500),
  -- 1 waiting, 2 granted, 3 turned down.
  status     smallint not null default 1 check (status between 1 and 3),
  answer     text check (char_length(answer) <= 200),
  at         timestamptz not null default now(),
  unique (article_id, decided_at)
);
create index appeal_waiting on appeal (id) where status = 1;
create index article_by_update on article (updated_at);
