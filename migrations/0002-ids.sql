-- Who may make ids with which worker number, and up to which moment (base/snowflake.ts, engines/database/worker-number.ts).
create table id_worker (
  worker      int primary key check (worker between 0 and 1023),
  owner       uuid,
  fence       bigint not null default 0,
  lease_until timestamptz not null default '-infinity',
  -- Milliseconds since 1970. Its holder makes no id later than this without raising it first.
  high_ms     bigint not null default 0
);
insert into id_worker (worker) select generate_series(0, 1023);
