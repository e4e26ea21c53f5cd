// How long a search and a suggestion take at 200 requests a second, sent when they are due whether or not the ones before
// have been answered. Beside each stands what PostgreSQL needs for a plain ranked full-text query for the same words, in
// alternating rounds; then once more with ten times as many articles. OpenSearch is measured
// where TEST_SEARCH_URL names one, at the first size.

import { createOpenSearch } from '../src/engines/search/opensearch/opensearch.ts'
import { anyQuery, strictQuery } from '../src/engines/search/postgres/tsquery.ts'
import type { SearchEngine } from '../src/engines/search/search.ts'
import { searchOrRephrase } from '../src/engines/search/search-or-rephrase.ts'
import { quantile, type Report, round } from './report.ts'
import { type Judged, NOW, openWorld, readHeadlines, readJudged, type World } from './search-world.ts'

const PER_SECOND = 200
/** Of ten searches one has to be corrected, which takes several queries. */
const MISTAKES_PER_SECOND = 20
const SECONDS = 5
const ROUNDS = 2
const TIMES = [1, 10]
/** Words that very many headlines have: each query of the mix is one of them once in twenty-five times. */
const FREQUENT = ['中国', '美国', '手机', '孩子', '2018', '女人', '老师', '公司', '农村', '汽车', '游戏', '市场']
const MISTAKEN = new Set(['pinyin', 'initials', 'typo', 'sentence'])

export async function measure(): Promise<Report> {
  await using stack = new AsyncDisposableStack()
  const world = await openWorld()
  stack.defer(() => world.close())
  const [titles, judged] = [await readHeadlines(), await readJudged()]
  const rows: Report['rows'] = []
  const url = process.env.TEST_SEARCH_URL
  const other = url ? createOpenSearch({ url: `${url}/bench-${process.pid}`, answerMs: 20_000 }) : undefined
  if (other) stack.defer(() => other.close())
  for (const times of TIMES) {
    const size = titles.length * times
    // A server would know the counts of words of the smaller size for minutes; no installation grows tenfold in these.
    const engine = world.openEngine()
    const perSecond = await world.index(engine, titles, times)
    await world.learn([engine, ...(other && times === 1 ? [other] : [])])
    rows.push({ what: `${size} articles put into PostgreSQL`, p50: '', p99: '', beside: '', ratio: '', 'a second': round(perSecond) })
    if (other && times === 1) {
      const itsRate = await world.index(other, titles, times)
      rows.push({ what: `${size} articles put into OpenSearch`, p50: '', p99: '', beside: '', ratio: '', 'a second': round(itsRate) })
    }
    for (const row of await timed(world, judged, engine, size)) rows.push(row)
    if (other && times === 1) for (const row of await timed(world, judged, other, size)) rows.push(row)
  }
  const { rss } = process.memoryUsage()
  const { rows: sizes } = await world.pool.query<{ size: string }>(
    `select pg_size_pretty(sum(pg_total_relation_size(relid))) as size from pg_stat_user_tables where relname like 'search%'`,
  )
  return {
    load: `${PER_SECOND} requests a second (${MISTAKES_PER_SECOND} of those to be corrected), open loop, ${ROUNDS} rounds of ${SECONDS} s each way; milliseconds. This process ${Math.round(rss / 2 ** 20)} MB with its dictionary, index tables ${sizes[0]?.size}`,
    rows,
  }
}

async function timed(world: World, judged: Judged[], engine: SearchEngine, size: number): Promise<Report['rows']> {
  const right = judged.filter(one => !MISTAKEN.has(one.kind)).map(one => one.query)
  const mixed = right.flatMap((query, i) => (i % 25 === 0 ? [query, FREQUENT[(i / 25) % FREQUENT.length] as string] : [query]))
  const mistaken = judged.filter(one => MISTAKEN.has(one.kind)).map(one => one.query)
  const typed = right.flatMap(query => [...query].slice(0, 4).map((_, i) => [...query].slice(0, i + 1).join('')))
  const search = (query: string) =>
    searchOrRephrase(
      { typed: query, filters: {}, order: 'relevance', limit: 1_000, now: NOW },
      { db: world.db, engine, parser: world.parser },
    )
  const { slot } = await world.engine.live()
  // What anybody would write first: all words, ranked, the best ten.
  const plain = (query: string) => {
    const parsed = world.parser.parse(query)
    if (parsed.terms.length === 0) return Promise.resolve()
    return world.pool.query(
      `select id from search_article_${slot} where tokens @@ $1::tsquery order by ts_rank(title_tokens, $2::tsquery) desc limit 10`,
      [strictQuery(parsed), anyQuery(parsed)],
    )
  }
  const plainPrefix = (prefix: string) =>
    world.pool.query(`select phrase from search_key where key like $1 order by weight desc limit 10`, [
      `${prefix.replace(/[\\%_]/g, '\\$&')}%`,
    ])
  const loads = [
    { what: 'search, typed right', rate: PER_SECOND, queries: mixed, own: search, beside: plain },
    { what: 'search, to be corrected', rate: MISTAKES_PER_SECOND, queries: mistaken, own: search, beside: plain },
    { what: 'suggest', rate: PER_SECOND, queries: typed, own: (prefix: string) => engine.suggest(prefix, 10), beside: plainPrefix },
  ]
  const rows: Report['rows'] = []
  for (const { what, rate, queries, own, beside } of loads) {
    const times: Record<'own' | 'beside', number[]> = { own: [], beside: [] }
    for (const query of queries.slice(0, 100)) {
      await own(query)
      await beside(query)
    }
    for (let r = 0; r < ROUNDS; r++) {
      times.own.push(...(await openLoop(rate, queries, own, r)))
      times.beside.push(...(await openLoop(rate, queries, beside, r)))
    }
    rows.push({ ...compared(times), what: `${what}, ${engine.name}, ${size}`, 'a second': '' })
    // One after another and without a clock on the wall: this holds on a busy machine, too.
    const { postgresMs } = world
    if (!postgresMs || engine.name !== 'postgres') continue
    const used = { own: await alone(queries, own, postgresMs), beside: await alone(queries, beside, postgresMs) }
    rows.push({ ...compared(used), what: `${what}, ${size}: PostgreSQL's processor time`, 'a second': '' })
  }
  return rows
}

function compared({ own, beside }: Record<'own' | 'beside', number[]>) {
  const at = (q: number) => [quantile(own, q), quantile(beside, q)] as const
  const [[own50, beside50], [own99, beside99]] = [at(0.5), at(0.99)]
  return {
    what: '',
    p50: round(own50),
    p99: round(own99),
    beside: `${round(beside50)} / ${round(beside99)}`,
    ratio: `${round(own50 / beside50, 2)} / ${round(own99 / beside99, 2)}`,
  }
}

async function alone(queries: string[], send: (query: string) => Promise<unknown>, clock: () => number): Promise<number[]> {
  const used: number[] = []
  for (const query of queries) {
    const began = clock()
    await send(query)
    used.push(clock() - began)
  }
  return used
}

/** Milliseconds from when each was due. */
async function openLoop(rate: number, queries: string[], send: (query: string) => Promise<unknown>, offset: number): Promise<number[]> {
  const times: number[] = []
  const pending: Promise<void>[] = []
  const began = performance.now()
  for (let i = 0; i < rate * SECONDS; i++) {
    const due = began + (i * 1_000) / rate
    const wait = due - performance.now()
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait))
    const query = queries[(i * 7 + offset * 101) % queries.length] as string
    // A timer is up to a millisecond late, which is the sender's doing: the clock starts when it wakes, if it is not later than that.
    const from = performance.now() - due > 1.5 ? due : performance.now()
    // One that is refused because the machine is too busy took too long for any quantile.
    pending.push(
      send(query).then(
        () => void times.push(performance.now() - from),
        () => void times.push(Number.POSITIVE_INFINITY),
      ),
    )
  }
  await Promise.all(pending)
  return times
}
