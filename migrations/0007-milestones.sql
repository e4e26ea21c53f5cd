-- What happens once in the life of an installation, and has happened.
create table milestone (
  name text primary key,
  at   timestamptz not null default now()
);
