-- What is trained each night (src/recommend/nightly), whether it went live, and how it ranked clicks that were held out.

create table trained_model (
  id         bigint generated always as identity primary key,
  trained_at timestamptz not null default now(),
  state      text not null check (state in ('live', 'replaced', 'refused', 'withdrawn')),
  -- Why it was refused or withdrawn.
  reason     text not null,
  figures    jsonb not null,
  -- Only of the live one.
  model      bytea,
  check ((state = 'live') = (model is not null))
);
create unique index trained_model_live on trained_model (state) where state = 'live';
