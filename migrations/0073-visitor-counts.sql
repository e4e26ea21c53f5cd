-- How many visitors there were in each finished hour or day (features/statistics): what `visit` says, counted once.
create table visitor_count (
  kind      text        not null check (kind in ('address', 'viewer')),
  starts_at timestamptz not null,
  ends_at   timestamptz not null,
  visitors  int         not null,
  primary key (kind, starts_at, ends_at)
);
