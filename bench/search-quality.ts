// How good results are, by the queries in evaluate/search/queries.tsv. Beside our two engines stand what PostgreSQL does by
// itself, with `simple` and with trigrams, and OpenSearch with its standard analyzer.

import { Client } from '@opensearch-project/opensearch'
import { createOpenSearch } from '../src/engines/search/opensearch/opensearch.ts'
import type { SearchEngine } from '../src/engines/search/search.ts'
import { searchOrRephrase } from '../src/engines/search/search-or-rephrase.ts'
import { type Report, round } from './report.ts'
import { type Judged, NOW, openWorld, readHeadlines, readJudged, type World } from './search-world.ts'

type Top = (query: string) => Promise<number[]>

const SHOWN = 10

export async function measure(): Promise<Report> {
  await using stack = new AsyncDisposableStack()
  const world = await openWorld()
  stack.defer(() => world.close())
  const [titles, judged] = [await readHeadlines(), await readJudged()]
  await world.index(world.engine, titles)
  await world.learn([world.engine])
  await world.pool.query('create table plain (id int primary key, title text not null)')
  await world.pool.query('insert into plain select n, title from unnest($1::text[]) with ordinality as given (title, n)', [titles])
  // On a busy machine longer than the ten seconds that a query of the product may take.
  const indexes = `set statement_timeout = 0; create index on plain using gin (to_tsvector('simple', title));
    create index on plain using gin (title gin_trgm_ops); analyze plain; reset statement_timeout`
  const patient = { text: indexes, query_timeout: 600_000 }
  await world.pool.query(patient)
  const engines: [string, Top][] = [
    ['ours, PostgreSQL', ours(world, world.engine)],
    [
      'tsvector, simple',
      rowsOf(
        world,
        `select id from plain, plainto_tsquery('simple', $1) q where to_tsvector('simple', title) @@ q order by ts_rank(to_tsvector('simple', title), q) desc, id limit 10`,
      ),
    ],
    ['pg_trgm', rowsOf(world, 'select id from plain order by word_similarity($1, title) desc, id limit 10')],
  ]
  const url = process.env.TEST_SEARCH_URL
  if (url) {
    const other = createOpenSearch({ url: `${url}/bench-${process.pid}`, answerMs: 20_000 })
    stack.defer(() => other.close())
    await world.index(other, titles)
    engines.splice(1, 0, ['ours, OpenSearch', ours(world, other)])
    engines.push(['OpenSearch, standard', await standard(url, titles)])
  }
  const rows: Report['rows'] = []
  const kinds = [...new Set(judged.map(one => one.kind))]
  for (const [name, top] of engines)
    for (const kind of [...kinds, 'all']) {
      const some = judged.filter(one => kind === 'all' || one.kind === kind)
      rows.push({ engine: name, queries: kind, many: some.length, ...(await graded(some, top)) })
    }
  return { load: `${titles.length} headlines, ${judged.length} queries judged by reading; the first ${SHOWN} results`, rows }
}

const ours =
  (world: World, engine: SearchEngine): Top =>
  async query => {
    const asked = { typed: query, filters: {}, order: 'relevance' as const, limit: 1_000, now: NOW }
    return (await searchOrRephrase(asked, { db: world.db, engine, parser: world.parser })).ids.slice(0, SHOWN).map(Number)
  }

const rowsOf =
  (world: World, text: string): Top =>
  async query =>
    (await world.pool.query<{ id: number }>(text, [query])).rows.map(row => row.id)

async function standard(url: string, titles: string[]): Promise<Top> {
  const client = new Client({ node: url, requestTimeout: 60_000 })
  const index = `bench-${process.pid}-standard`
  await client.indices.create({ index, body: { mappings: { properties: { title: { type: 'text', analyzer: 'standard' } } } } })
  for (let from = 0; from < titles.length; from += 1_000)
    await client.bulk({
      body: titles.slice(from, from + 1_000).flatMap((title, i) => [{ index: { _index: index, _id: String(from + i + 1) } }, { title }]),
    })
  await client.indices.refresh({ index })
  return async query => {
    const { body } = await client.search({ index, body: { size: SHOWN, _source: false, query: { match: { title: query } } } })
    return body.hits.hits.map(hit => Number(hit._id))
  }
}

/** Recall is of as many as ten results can hold. Precision is of what was shown, which may be fewer than ten. */
async function graded(judged: Judged[], top: Top) {
  let [recall, precision, ndcg] = [0, 0, 0]
  for (const { query, rows } of judged) {
    const shown = await top(query)
    const hits = shown.filter(row => rows.has(row)).length
    const possible = Math.min(SHOWN, rows.size)
    recall += hits / possible
    precision += shown.length > 0 ? hits / shown.length : 0
    const ideal = Array.from({ length: possible }, (_, i) => 1 / Math.log2(i + 2)).reduce((sum, gain) => sum + gain, 0)
    ndcg += shown.reduce((sum, row, i) => sum + (rows.has(row) ? 1 / Math.log2(i + 2) : 0), 0) / ideal
  }
  const mean = (sum: number) => round(sum / judged.length)
  return { 'recall@10': mean(recall), 'precision@10': mean(precision), 'nDCG@10': mean(ndcg) }
}
