-- Browsers that want notices while no page is open. Only what a reader asked for is here.
create table web_push_subscription (
  id         bigint generated always as identity primary key,
  reader_id  bigint not null references reader on delete cascade,
  endpoint   text not null unique check (char_length(endpoint) <= 1000),
  p256dh     text not null,
  auth       text not null,
  -- In a row. A subscription that fails again and again is deleted.
  failures   int not null default 0,
  created_at timestamptz not null default now()
);
create index web_push_of on web_push_subscription (reader_id, id);
