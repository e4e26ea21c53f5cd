-- How the feed weighs what it knows (src/recommend/policy). A policy never changes: pages say by which version they were ranked.
create table ranking_policy (
  version  int generated always as identity primary key,
  made_at  timestamptz not null default now(),
  -- The file, checked. What it leaves out is as the product's defaults say.
  document jsonb not null,
  -- Pages hold version and ranker in 15 bits.
  check (version <= 8191)
);

-- Which policy ranks: the newest row; no version: the defaults.
create table ranking_policy_use (
  id      bigint generated always as identity primary key,
  version int references ranking_policy,
  since   timestamptz not null default now()
);
select declare_changes('ranking_policy_use', 'policy', 'id');
