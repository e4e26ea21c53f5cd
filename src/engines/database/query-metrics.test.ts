import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '../../base/metrics.ts'
import { measureQueries, queryName } from './query-metrics.ts'

test('a query is named after its verb and its tables', () => {
  const names: Record<string, string> = {
    'select 1': 'select',
    'select id from page where viewer = $1': 'select page',
    'select "id" from "channel" where "id" = $1': 'select channel',
    'select a.id from article a left join lateral (select from reader) r on true join "history" on true': 'select article+reader+history',
    'with mine as materialized (select * from page), more (id) as (select 1) select * from mine join more on true join seen_day on true':
      'select page+seen_day',
    'select extract(epoch from made_at) from page where a is distinct from b': 'select page',
    'select * from unnest($1::bigint[]) one (id) join article on true': 'select article',
    'insert into page (id, viewer) select $1, $2 from next_page_numbers($3) where exists (select from article) on conflict do update set id = 1':
      'insert page+article',
    'insert into "reader" ("id") values ($1)': 'insert reader',
    'with put as (insert into shared_list (a) values ($1) returning a) select a from put union select a from shared_list':
      'insert shared_list',
    'update reader set name = $1': 'update reader',
    'delete from history where ctid = any(array(select ctid from history for update of history skip locked))': 'delete history',
    'select from reader where id = $1 for no key update': 'select reader',
  }
  assert.deepEqual(Object.fromEntries(Object.keys(names).map(text => [text, queryName(text)])), names)
})

test('queries are counted and timed under their names', async () => {
  const metrics = createMetrics()
  const { count, times } = measureQueries(metrics)
  for (const ms of [1, 2, 5]) count(`select from page where id = $${ms}`, ms)
  assert.match(await metrics.text(), /\ndb_queries_total\{name="select page"\} 3\n/)
  assert.deepEqual(times(), [{ name: 'select page', calls: 3, totalMs: 8, maxMs: 5 }])
})
