-- Experiments (src/recommend/experiments): some viewers' pages are ranked in another way, and it is compared what they did.

create table experiment (
  id           bigint generated always as identity primary key,
  name         text not null check (char_length(name) between 1 and 60),
  -- What the treatment is: a policy, or a model on trial, and then its row.
  kind         text not null check (kind in ('policy', 'model')),
  model_id     bigint references trained_model on delete set null,
  -- Versions of policies; 0: the defaults.
  control_policy   int,
  treatment_policy int,
  -- Of the keyed hash that puts a viewer into an arm.
  key          bytea not null,
  share        float8 not null check (share > 0 and share <= 0.5),
  -- The chance that equal arms are called different.
  error        float8 not null check (error > 0 and error < 1),
  state        text not null default 'running' check (state in ('running', 'ended')),
  started_at   timestamptz not null default now(),
  -- When all processes have heard of it; what comes before does not count.
  counted_from timestamptz not null,
  -- A model on trial goes live to all then, if nothing speaks against it.
  ends_at      timestamptz,
  ended_at     timestamptz,
  reason       text not null default '',
  -- Up to where the logs are counted, and the database to which that belongs.
  position     jsonb not null,
  -- What was counted last, and what it says.
  figures      jsonb,
  check ((state = 'ended') = (ended_at is not null))
);
create unique index experiment_running on experiment (state) where state = 'running';
select declare_changes('experiment', 'policy', 'id');

-- The arm of a page's viewer while an experiment runs: 0 control, 1 treatment.
alter table page add column arm smallint;

-- What each viewer of a running experiment did. Deleted when it has ended.
create table experiment_viewer (
  viewer        text not null,
  experiment_id bigint not null references experiment on delete cascade,
  arm           smallint not null,
  pages         int not null default 0,
  -- Articles on the pages, and how many different authors each page had, added up.
  places        int not null default 0,
  authors       int not null default 0,
  clicks        int not null default 0,
  complaints    int not null default 0,
  rankings      int not null default 0,
  failed        int not null default 0,
  slow          int not null default 0,
  primary key (viewer, experiment_id, arm)
);

-- "Not interested", a mute, a report of an article, while an experiment runs. A log.
create table complaint (
  xid    xid8 not null default pg_current_xact_id(),
  seq    bigint generated always as identity,
  viewer text not null,
  primary key (xid, seq)
);
create index complaint_of on complaint (viewer);

create function note_complaint(the_viewer text) returns void language sql as $$
  insert into complaint (viewer) select the_viewer where exists (select from experiment where state = 'running');
$$;
create function note_report() returns trigger language plpgsql as $$
begin
  perform note_complaint('r' || new.reader_id); -- as in src/base/viewer-key.ts
  return null;
end $$;
create function note_dial() returns trigger language plpgsql as $$
declare
  -- How long the lists are of what the viewer does not want.
  before int := coalesce(cardinality(old.not_interested) + cardinality(old.muted_authors) + cardinality(old.muted_channels) + cardinality(old.muted_words), 0);
begin
  if cardinality(new.not_interested) + cardinality(new.muted_authors) + cardinality(new.muted_channels) + cardinality(new.muted_words) > before then
    perform note_complaint(new.viewer);
  end if;
  return null;
end $$;
create trigger note_complaint after insert on report for each row execute function note_report();
create trigger note_complaint after insert or update on dial for each row execute function note_dial();

-- A model that the gate accepts is on trial with some viewers first.
alter table trained_model drop constraint trained_model_state_check, drop constraint trained_model_check;
alter table trained_model add check (state in ('trial', 'live', 'replaced', 'refused', 'withdrawn')),
  add check ((state in ('trial', 'live')) = (model is not null));
create unique index trained_model_trial on trained_model (state) where state = 'trial';

insert into permission (name, type, parent_id, code, sequence) values ('管理推荐', 1, 24, 'recommender-put', 10);
