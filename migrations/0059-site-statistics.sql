-- Who visited the site, counted and not named (features/statistics).

-- Requests by hour.
create table request_hour (
  hour     timestamptz primary key,
  requests bigint not null
);

-- One row for each address and each known viewer of a day. `who` is a keyed hash that includes the day, so that rows of two days
-- cannot be connected. The bits of `hours` are the hours, UTC, in which they came.
create table visit (
  day   date     not null,
  kind  text     not null check (kind in ('address', 'viewer')),
  who   bytea    not null,
  hours int      not null,
  primary key (day, kind, who)
);
create index comment_created on comment (created_at) where status = 1;
create index reader_created on reader (created_at);
