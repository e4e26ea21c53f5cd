-- Work done by the clock (engines/jobs). Each slot of a job is one row of job_run, whoever finds it due: the key is the
-- claim. Database time alone decides what is due and whose lease is over.

create table job (
  name            text primary key,
  about           text not null,
  -- As the code has it, and what somebody put in its place, if anybody has.
  declared        text not null,
  schedule        text,
  overlap         text not null,
  catch_up        text not null,
  paused          boolean not null default false,
  -- The first slot not looked at yet. Null: there is none.
  next_slot       timestamptz,
  last_success_at timestamptz,
  -- Slots that came due while nobody looked, and that its catch-up policy let go.
  missed          bigint not null default 0
);

-- A later claim of a run has a higher fence, and whoever comes with a lower one is refused.
create sequence job_fence;

create table job_run (
  job         text not null,
  slot        timestamptz not null,
  -- Somebody asked for it; its slot is the moment they did.
  asked       boolean not null default false,
  state       text not null check (state in ('waiting', 'running', 'ended')),
  -- Waiting: not before this, which a retry puts off.
  due_at      timestamptz not null default clock_timestamp(),
  fence       bigint,
  owner       text,
  lease_until timestamptz,
  attempt     int not null default 0,
  started_at  timestamptz,
  ended_at    timestamptz,
  outcome     text check (outcome in ('done', 'failed', 'timed_out', 'skipped')),
  message     text,
  report      jsonb,
  primary key (job, slot),
  check ((state = 'ended') = (outcome is not null)),
  check (state <> 'running' or (fence is not null and lease_until is not null))
);
create index job_run_open on job_run (job, due_at) where state <> 'ended';
