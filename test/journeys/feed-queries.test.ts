// What each kind of feed request costs: the queries, by the metric db_queries_total, and the sequential round trips, measured
// through a proxy that delays each by a tenth of a second (by more if the machine is so slow that nothing can be measured).
// docs/request.md lists the numbers.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { STALE_WITHOUT_LOG_MS } from '../../src/engines/cache/staleness.ts'
import { waitForLog } from '../support/database.ts'
import { AN_HOUR_AGO, isFallbackPage, sourceOf } from '../support/feed-pages.ts'
import { type Answer, type Product, startProduct } from '../support/product.ts'
import { type SlowNetwork, startSlowNetwork } from '../support/slow-network.ts'
import { eventually, PATIENCE_MS, pause } from '../support/waiting.ts'

// No worker: when it folds counts, they are read again.
const ENV = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32), ROLES: 'api,recommender' }
const DELAY_MS = 100
const DELAY_MAX_MS = 800 // three of them are within the five seconds of a page's deadline
// Which counts of cards have changed is asked by a request that comes a quarter of a second after the last answer, and once more an
// eighth after a request. It is a round trip, but not counted among the queries: the second waits for no request.
const COUNTS_MS = 450
let whole: Product
let remote: Product
let proxy: SlowNetwork
let token: string
let empty: number
let cursor = AN_HOUR_AGO
let delayMs = DELAY_MS

/** Queries by their names in the metric; an idle product makes none of these. */
const CURSOR = 'select page'
const HISTORY = 'select page+seen_day+behaviour+seen_list'
const INTERESTS = 'select behaviour+following+attitude+blocking+dial'
const STORE = 'insert page+published_article+blocking+attitude+dial'
/** With the checks that nothing is missing in what the process remembers of the viewer. */
const STORE_CHECKED = 'insert behaviour+change+page+published_article+blocking+attitude+dial+seen_day'
const COUNTS = 'select counter+counter_delta' // of articles that are new to the cache
const LIST = 'select shared_list'
const LISTED = 'select page+seen_day+behaviour' // what was seen, when it is listed
const STORE_LIST = 'delete seen_list+page' // the list is stored, and the viewer's oldest deleted
const NAMES = [
  CURSOR,
  HISTORY,
  INTERESTS,
  STORE,
  STORE_CHECKED,
  COUNTS,
  LIST,
  LISTED,
  STORE_LIST,
  'insert shared_list',
  'select published_article+top_article+article_content+article',
  'select reader',
]

before(async () => {
  whole = await startProduct({ env: ENV })
  const channel = await whole.createChannel('科技')
  empty = await whole.createChannel('体育')
  await whole.publish(Array.from({ length: 100 }, (_, i) => ({ channel, ageSeconds: i * 60 + 1 })))
  token = (await whole.signIn('alice')).token
  // So that the other product hears of no change: of these it would as long as a transaction of another test is open.
  await waitForLog(whole)
  proxy = await startSlowNetwork(whole.databaseUrl)
  // As many connections as an operator has: with few, what runs in the background keeps a request waiting for one.
  remote = await startProduct({ env: { ...ENV, DATABASE_URL: proxy.url, DATABASE_CONNECTIONS: '16' } })
  await eventually(
    () => remote.request('GET', '/metrics'),
    ({ text }) => text.includes('\ncatalogue_articles 100\n'),
  )
  // Serialises every card, and opens every connection.
  for (let at: number | null = cursor++; at !== null; ) at = (await anonymous(at)).body.data.pre_timestamp
  await Promise.all(Array.from({ length: 12 }, (_, i) => (i % 2 ? alice(cursor++) : phone(cursor++))))
})

const feed = (at: number, id = 0) => `/app/v1_1/articles?channel_id=${id}&timestamp=${at}&with_top=1`
const phone = (at: number, product = remote): Promise<Answer> =>
  product.request('GET', feed(at), undefined, { headers: { authorization: 'Anony phone' } })
const alice = (at: number): Promise<Answer> => remote.request('GET', feed(at), undefined, { headers: { authorization: `Bearer ${token}` } })
/** Requests of a new device. */
function deviceOf(name: string): (path: string) => Promise<Answer> {
  const headers = { authorization: `Anony ${name}-${cursor++}` }
  return path => remote.request('GET', path, undefined, { headers })
}
const anonymous = (at: number): Promise<Answer> => remote.request('GET', feed(at))

/** The queries so far, and until when the caches are current even if no more of the log is read. */
async function countQueries(): Promise<{ made: Map<string, number>; staleAt: number }> {
  const askedAt = performance.now()
  const { text } = await remote.request('GET', '/metrics')
  const queries = text.matchAll(/^db_queries_total\{name="([^"]+)"\} (\d+)$/gm)
  const [, lag] = /^log_lag_seconds\{consumer="features"\} (\S+)$/m.exec(text) ?? assert.fail('without a lag')
  return {
    made: new Map([...queries].map(([, name, n]) => [name as string, Number(n)])),
    staleAt: askedAt + STALE_WITHOUT_LOG_MS - Number(lag) * 1_000,
  }
}

/** Makes a request; returns the queries made meanwhile and the number of sequential round trips. */
async function measureCost(request: () => Promise<Answer>): Promise<{ queries: Record<string, number>; trips: number; answer: Answer }> {
  // Each takes three connections. Those idle for ten seconds are closed, and opening one takes round trips of its own.
  await Promise.all(['one', 'two'].map(name => deviceOf(name)(feed(Date.now()))))
  await pause(COUNTS_MS)
  const before = await countQueries()
  proxy.setDelay(delayMs)
  const began = performance.now()
  const answer = await request().finally(() => proxy.setDelay(0))
  const answeredAt = performance.now()
  const trips = Math.floor((answeredAt - began) / delayMs)
  await pause(delayMs * 2)
  const after = await countQueries()
  wasCurrent &&= answeredAt < before.staleAt
  if (isFallbackPage(answer)) throw new Late({ message: 'a fallback page: the recommender was not in time' })
  const queries = NAMES.map(name => [name, (after.made.get(name) ?? 0) - (before.made.get(name) ?? 0)] as const).filter(([, n]) => n > 0)
  assert.equal(answer.status, 200)
  assert.equal(answer.body.data.results.length, 10)
  return { queries: Object.fromEntries(queries), trips, answer }
}

class Slow extends assert.AssertionError {}
/** The machine and the delays together took longer than the deadline of a page. */
class Late extends Slow {}

/** A busy machine can only make a request slower: more round trips than expected are measured again. */
function assertTrips(trips: number, expected: number): void {
  if (trips > expected) throw new Slow({ message: 'round trips', actual: trips, expected, operator: 'strictEqual' })
  assert.equal(trips, expected)
}

/**
 * Whether the log was read in time during a measurement. If not, because the machine stood still or a transaction of another test holds
 * the log back, caches read their rows again, and there are more queries.
 */
let wasCurrent = true

/** Repeats a measurement that was too slow, with a longer delay, and one in which the log was not read in time. */
async function retryWhileSlow(block: () => Promise<void>): Promise<void> {
  delayMs = DELAY_MS
  for (const giveUp = performance.now() + 3 * PATIENCE_MS; ; ) {
    wasCurrent = true
    try {
      return await block()
    } catch (err) {
      if (performance.now() > giveUp || (wasCurrent && !(err instanceof Slow))) throw err
      delayMs = err instanceof Late || !wasCurrent ? DELAY_MS : Math.min(2 * delayMs, DELAY_MAX_MS)
    }
  }
}

const measured = (name: string, block: () => Promise<void>) => test(name, () => retryWhileSlow(block))

measured(
  'a refresh of a viewer who was not active lately resolves its cursor beside history and interests, then stores the page, then asks what counts have changed',
  async () => {
    const { queries, trips } = await measureCost(() => phone(cursor++))
    assert.deepEqual(queries, { [CURSOR]: 1, [HISTORY]: 1, [INTERESTS]: 1, [STORE]: 1 })
    assertTrips(trips, 3)
  },
)

measured('a refresh of a viewer whom the process remembers is stored, then it is asked what counts have changed', async () => {
  const device = deviceOf('again')
  await device(feed(Date.now()))
  const { queries, trips } = await measureCost(() => device(feed(Date.now())))
  assert.deepEqual(queries, { [STORE_CHECKED]: 1 })
  assertTrips(trips, 2)
})

async function rankedAhead(outcome: 'made' | 'used'): Promise<number> {
  const { text } = await remote.request('GET', '/metrics')
  return Number(new RegExp(`^rankings_ahead_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}

/** Opens the last article of a page, and waits until the recommender has read of it in the log. */
async function click(device: ReturnType<typeof deviceOf>, { body }: Answer): Promise<void> {
  const before = await rankedAhead('made')
  await device(`/app/v1_0/articles/${body.data.results[9].art_id}`)
  await eventually(
    () => rankedAhead('made'),
    made => made > before,
  )
}

measured('so is a page that is ranked after a click', async () => {
  const device = deviceOf('clicks')
  const first = await device(feed(Date.now()))
  await click(device, first)
  const { queries, trips, answer } = await measureCost(() => device(feed(first.body.data.pre_timestamp)))
  assert.equal(sourceOf(answer), 'model')
  assert.deepEqual(queries, { [STORE_CHECKED]: 1 })
  assertTrips(trips, 2)
})

measured('so is a refresh after a click, which is ranked before it comes', async () => {
  const device = deviceOf('ahead')
  await click(device, await device(feed(Date.now())))
  const before = await rankedAhead('used')
  const { queries, trips, answer } = await measureCost(() => device(feed(Date.now())))
  assert.equal(await rankedAhead('used'), before + 1)
  assert.equal(sourceOf(answer), 'model')
  assert.deepEqual(queries, { [STORE_CHECKED]: 1 })
  assertTrips(trips, 2)
})

measured('a viewer who comes from a shared list, or from a channel without articles, is remembered from their next page on', async () => {
  const list = await anonymous(cursor++)
  for (const [at, channel] of [
    [list.body.data.pre_timestamp, 0],
    [Date.now() + 1_000, empty],
  ]) {
    const device = deviceOf('elsewhere')
    await device(feed(Date.now()))
    await device(feed(at, channel))
    await device(feed(Date.now()))
    const { queries } = await measureCost(() => device(feed(Date.now())))
    assert.deepEqual(queries, { [STORE_CHECKED]: 1 })
  }
})

measured('a page from the ranked buffer is stored, then it is asked what counts have changed', async () => {
  const first = await phone(cursor++)
  const { queries, trips } = await measureCost(() => phone(first.body.data.pre_timestamp))
  assert.deepEqual(queries, { [STORE]: 1 })
  assertTrips(trips, 2)
})

measured('a page that is requested again asks what counts have changed', async () => {
  const at = cursor++
  const first = await phone(at)
  const { queries, trips, answer } = await measureCost(() => phone(at))
  assert.deepEqual(queries, {})
  assertTrips(trips, 1)
  assert.deepEqual(answer.body.data, first.body.data)
  await pause(COUNTS_MS)
  const before = await countQueries()
  const began = performance.now()
  await phone(at)
  await phone(at)
  const took = performance.now() - began
  if (took > 200) throw new Slow({ message: `two requests took ${took} ms` })
  const after = await countQueries()
  wasCurrent &&= began + took < before.staleAt
  for (const name of NAMES) assert.equal((after.made.get(name) ?? 0) - (before.made.get(name) ?? 0), 0, name)
})

measured(
  'a page that another process stored resolves its cursor beside history and interests, then asks what counts have changed',
  async () => {
    const first = await phone(cursor++, whole)
    const second = await phone(first.body.data.pre_timestamp, whole)
    const { queries, trips, answer } = await measureCost(() => phone(first.body.data.pre_timestamp))
    assert.deepEqual(queries, { [CURSOR]: 1, [HISTORY]: 1, [INTERESTS]: 1 })
    assertTrips(trips, 2)
    assert.deepEqual(answer.body.data, second.body.data)
  },
)

measured('a session that begins to show seen articles again lists them once; then its pages cost what others do', async () => {
  const device = { headers: { authorization: `Anony rereader-${cursor}` } }
  const read = (at: number, product = remote) => product.request('GET', feed(at), undefined, device)
  for (let at: number | null = cursor++; at !== null; ) at = (await read(at, whole)).body.data.pre_timestamp
  const ranked = { [CURSOR]: 1, [HISTORY]: 1, [INTERESTS]: 1, [STORE]: 1 }
  const first = await measureCost(() => read(cursor++))
  assert.deepEqual(first.queries, { ...ranked, [LISTED]: 1, [STORE_LIST]: 1 })
  assertTrips(first.trips, 5)
  const second = await measureCost(() => read(first.answer.body.data.pre_timestamp))
  assert.deepEqual(second.queries, { [STORE]: 1 })
  assertTrips(second.trips, 2)
  // Stored by another process: the ranked buffer of this one is stale.
  const third = await read(second.answer.body.data.pre_timestamp, whole)
  const fourth = await measureCost(() => read(third.body.data.pre_timestamp))
  assert.deepEqual(fourth.queries, ranked)
  assertTrips(fourth.trips, 3)
})

measured('an anonymous viewer of a list that exists asks what counts have changed', async () => {
  // The first request of a minute stores its list.
  if (Date.now() % 60_000 > 55_000) await pause(60_000 - (Date.now() % 60_000))
  const minute = Math.floor(Date.now() / 60_000)
  const first = await anonymous(cursor++)
  for (const at of [cursor++, first.body.data.pre_timestamp]) {
    const { queries, trips } = await measureCost(() => anonymous(at))
    if (minute !== Math.floor(Date.now() / 60_000)) throw new Slow({ message: 'the minute has ended' })
    assert.deepEqual(queries, {})
    assertTrips(trips, 1)
  }
})

measured('pinned articles cost no query', async () => {
  const { id } = await whole.db.selectFrom('article').select('id').orderBy('id').executeTakeFirstOrThrow()
  const pin = { channel_id: 0, article_id: id, rank: 1 }
  await whole.db // when it is measured again, it stays: between two pins there would be none
    .insertInto('top_article')
    .values(pin)
    .onConflict(conflict => conflict.doNothing())
    .execute()
  const isTop = (answer: Answer) => answer.body.data.results[0].is_top === 1
  await eventually(
    () => anonymous(cursor++),
    answer => !isFallbackPage(answer) && isTop(answer), // a fallback page reads its pins itself
  )
  const expectPinned = async (asked: Promise<Answer>) => {
    const answer = await asked
    assert.equal(answer.body.data.results.shift().is_top, 1)
    return answer
  }
  await alice(cursor++) // looks up her session, for two seconds
  const { queries, trips } = await measureCost(() => expectPinned(alice(cursor++)))
  assert.deepEqual(queries, { [CURSOR]: 1, [HISTORY]: 1, [INTERESTS]: 1, [STORE]: 1 })
  assertTrips(trips, 3)
})

test('after a click, no list of seen articles is stored before a refresh asks for one', async () => {
  const few = await whole.createChannel('财经')
  await whole.publish(Array.from({ length: 20 }, () => ({ channel: few })))
  const device = deviceOf('few')
  const metric = async (pattern: RegExp) => Number(pattern.exec(await remote.metrics())?.[1] ?? 0)
  const rankings = () => metric(/^pipeline_step_seconds_count\{step="select\.diversity"\} (\d+)$/m)
  const lists = async () => (await countQueries()).made.get(STORE_LIST) ?? 0
  await eventually(
    () => remote.metrics(),
    text => text.includes('\ncatalogue_articles 120\n'),
  )
  const first = await device(feed(Date.now(), few))
  const page = await device(feed(first.body.data.pre_timestamp, few)) // nine unseen articles are left when one of it is clicked
  const [rankedBefore, listsBefore] = [await rankings(), await lists()]
  await device(`/app/v1_0/articles/${page.body.data.results[9].art_id}`)
  await eventually(rankings, count => count > rankedBefore)
  await pause(COUNTS_MS) // it would be stored after the ranking
  assert.equal(await lists(), listsBefore)
  await device(feed(Date.now(), few))
  assert.equal(await lists(), listsBefore + 1)
})
