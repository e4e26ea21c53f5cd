// What each kind of feed request costs: which queries, by the metric that operators see, and how many round trips one after
// another, by a wire to the database on which each takes a tenth of a second; more where the machine itself takes so long that
// nothing can be told from that. docs/request.md tells it in words.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Answer, type Product, startProduct } from '../support/product.ts'
import { type SlowNetwork, startSlowNetwork } from '../support/slow-network.ts'
import { eventually, PATIENCE_MS, pause } from '../support/waiting.ts'

const KEYS = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32) }
const WIRE_MS = 100
const WIRE_MOST_MS = 800 // three of them are still within the five seconds in which a page has to come
// Counts on cards are kept for a quarter of a second: after this they are asked for again.
const COUNTS_MS = 300
let whole: Product
let far: Product
let wire: SlowNetwork
let token: string
let stamp = 1_700_000_000_000
let wireMs = WIRE_MS

/** Queries by the names under which they are counted; nothing else in a quiet product has these. */
const KNOWN = 'select page' // what the timestamp means
const PAST = 'select page+seen_day+behaviour'
const INTERESTS = 'select behaviour+following+attitude+blocking'
const STORE = 'insert page+article'
const COUNTS = 'select counter+counter_delta'
const LIST = 'select shared_list'
const TURNED_DOWN = 'select article+attitude+blocking' // of what is pinned
const NAMES = [
  KNOWN,
  PAST,
  INTERESTS,
  STORE,
  COUNTS,
  LIST,
  TURNED_DOWN,
  'insert shared_list',
  'select top_article+article+reader',
  'select reader',
]

before(async () => {
  whole = await startProduct({ env: KEYS })
  const channel = await whole.createChannel('科技')
  await whole.publish(Array.from({ length: 100 }, (_, i) => ({ channel, ageSeconds: i * 60 + 1 })))
  wire = await startSlowNetwork(whole.databaseUrl)
  far = await startProduct({ env: { ...KEYS, DATABASE_URL: wire.url } })
  await eventually(
    () => far.request('GET', '/metrics'),
    ({ text }) => text.includes('\ncatalogue_articles 100\n'),
  )
  token = (await whole.signIn('alice')).token
  // Every card is written once, every connection is made, and the reader is known as one.
  for (let at: number | null = stamp++; at !== null; ) at = (await nobody(at)).body.data.pre_timestamp
  await Promise.all(Array.from({ length: 12 }, (_, i) => (i % 2 ? alice(stamp++) : phone(stamp++))))
})

const feed = (at: number) => `/app/v1_1/articles?channel_id=0&timestamp=${at}&with_top=1`
const phone = (at: number, product = far): Promise<Answer> =>
  product.request('GET', feed(at), undefined, { headers: { authorization: 'Anony phone' } })
const alice = (at: number): Promise<Answer> => far.request('GET', feed(at), undefined, { headers: { authorization: `Bearer ${token}` } })
const nobody = (at: number): Promise<Answer> => far.request('GET', feed(at))

async function counted(): Promise<Map<string, number>> {
  const { text } = await far.request('GET', '/metrics')
  return new Map([...text.matchAll(/^db_queries_total\{name="([^"]+)"\} (\d+)$/gm)].map(([, name, n]) => [name as string, Number(n)]))
}

/** Asks, and says what was asked of the database meanwhile and how long it took to answer. */
async function cost(ask: () => Promise<Answer>): Promise<{ queries: Record<string, number>; trips: number; answer: Answer }> {
  await pause(COUNTS_MS)
  // Connections that nobody needed for ten seconds are closed, and to make one anew takes round trips of its own.
  await Promise.all(Array.from({ length: 6 }, () => far.request('GET', '/readyz')))
  const before = await counted()
  wire.setDelay(wireMs)
  const began = performance.now()
  const answer = await ask().finally(() => wire.setDelay(0))
  const trips = Math.floor((performance.now() - began) / wireMs)
  await pause(wireMs * 2)
  const after = await counted()
  const queries = NAMES.map(name => [name, (after.get(name) ?? 0) - (before.get(name) ?? 0)] as const).filter(([, n]) => n > 0)
  assert.equal(answer.status, 200)
  assert.equal(answer.body.data.results.length, 10)
  return { queries: Object.fromEntries(queries), trips, answer }
}

class Slow extends assert.AssertionError {}

/** Of round trips, a busy machine can only make more, now and then; as many each time are no weather. */
function takes(trips: number, expected: number): void {
  if (trips > expected) throw new Slow({ message: 'round trips', actual: trips, expected, operator: 'strictEqual' })
  assert.equal(trips, expected)
}

/** Once more, on a slower wire, only for what took long: which queries are asked, and how often, is no matter of time. */
async function retried(block: () => Promise<void>): Promise<void> {
  wireMs = WIRE_MS
  for (const giveUp = performance.now() + 3 * PATIENCE_MS; ; wireMs = Math.min(2 * wireMs, WIRE_MOST_MS)) {
    try {
      return await block()
    } catch (err) {
      if (performance.now() > giveUp || !(err instanceof Slow)) throw err
    }
  }
}

const measured = (name: string, block: () => Promise<void>) => test(name, () => retried(block))

measured('a refresh: what the timestamp means, past and interests side by side, then the page, then counts', async () => {
  const { queries, trips } = await cost(() => phone(stamp++))
  assert.deepEqual(queries, { [KNOWN]: 1, [PAST]: 1, [INTERESTS]: 1, [STORE]: 1, [COUNTS]: 1 })
  takes(trips, 3)
})

measured('the next page, cut from what was ranked: the page is stored, then counts', async () => {
  const first = await phone(stamp++)
  const { queries, trips } = await cost(() => phone(first.body.data.pre_timestamp))
  assert.deepEqual(queries, { [STORE]: 1, [COUNTS]: 1 })
  takes(trips, 2)
})

measured('a page asked for again: counts, and nothing is stored; twice at once: counts once', async () => {
  const at = stamp++
  const first = await phone(at)
  const { queries, trips, answer } = await cost(() => phone(at))
  assert.deepEqual(queries, { [COUNTS]: 1 })
  takes(trips, 1)
  assert.deepEqual(answer.body.data, first.body.data)
  await pause(COUNTS_MS)
  const before = await counted()
  const began = performance.now()
  await phone(at)
  await phone(at)
  const took = performance.now() - began
  // What is known for a quarter of a second is asked for again after that.
  if (took > 200) throw new Slow({ message: `two at once took ${took} ms` })
  const after = await counted()
  for (const name of NAMES) assert.equal((after.get(name) ?? 0) - (before.get(name) ?? 0), name === COUNTS ? 1 : 0, name)
})

measured('a page that another process made: what the timestamp means, beside what a refresh would need, then counts', async () => {
  const first = await phone(stamp++, whole)
  const second = await phone(first.body.data.pre_timestamp, whole)
  const { queries, trips, answer } = await cost(() => phone(first.body.data.pre_timestamp))
  assert.deepEqual(queries, { [KNOWN]: 1, [PAST]: 1, [INTERESTS]: 1, [COUNTS]: 1 })
  takes(trips, 2)
  assert.deepEqual(answer.body.data, second.body.data)
})

measured('nobody, when somebody asked in this minute: counts, and nothing else', async () => {
  // The first of a minute makes its list.
  if (Date.now() % 60_000 > 55_000) await pause(60_000 - (Date.now() % 60_000))
  const minute = Math.floor(Date.now() / 60_000)
  const first = await nobody(stamp++)
  for (const at of [stamp++, first.body.data.pre_timestamp]) {
    const { queries, trips } = await cost(() => nobody(at))
    if (minute !== Math.floor(Date.now() / 60_000)) throw new Slow({ message: 'the minute is over' })
    assert.deepEqual(queries, { [COUNTS]: 1 })
    takes(trips, 1)
  }
})

measured('what is pinned costs nothing, and a reader one query beside the others, which may have turned it down', async () => {
  await whole.db.deleteFrom('top_article').execute()
  const { id } = await whole.db.selectFrom('article').select('id').executeTakeFirstOrThrow()
  await whole.db.insertInto('top_article').values({ channel_id: 0, article_id: id, rank: 1 }).execute()
  const isTop = (answer: Answer) => answer.body.data.results[0].is_top === 1
  await eventually(() => nobody(stamp++), isTop)
  const topped = async (asked: Promise<Answer>) => {
    const answer = await asked
    assert.equal(answer.body.data.results.shift().is_top, 1)
    return answer
  }
  const { queries, trips } = await cost(() => topped(phone(stamp++)))
  assert.deepEqual(queries, { [KNOWN]: 1, [PAST]: 1, [INTERESTS]: 1, [STORE]: 1, [COUNTS]: 1 })
  takes(trips, 3)
  const before = await counted()
  await topped(alice(stamp++))
  assert.equal((await counted()).get(TURNED_DOWN), (before.get(TURNED_DOWN) ?? 0) + 1)
})
