-- What administrators see of the running installation: drift of counts over time, and codes for the new screens.

create table reconcile_result (
  id          bigint generated always as identity primary key,
  kind        text not null,
  checked     bigint not null,  -- counts compared
  rows_drift  bigint not null,  -- sum of the errors of the counts kept in this database, before they were corrected
  store_drift bigint not null,  -- the same for Redis
  repaired    int not null,     -- shards in Redis that were corrected or rebuilt
  seconds     real not null,
  at          timestamptz not null default clock_timestamp()
);
create index reconcile_result_at on reconcile_result (at);
insert into reconcile_result (kind, checked, rows_drift, store_drift, repaired, seconds, at)
  select kind, checked, rows_drift, store_drift, repaired, seconds, at from reconcile_report;

insert into permission (name, type, parent_id, code, sequence) values
  ('查看缓存', 1, 24, 'cache-list-get', 7),
  ('查看推荐', 1, 24, 'recommender-get', 8),
  ('查看慢查询', 1, 24, 'query-list-get', 9);
