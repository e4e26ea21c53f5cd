// What the caches promise while everything works, seen by readers of four processes: few queries, and fresh articles.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Agent, get } from 'node:http'
import { sql } from 'kysely'
import type { ArticleId } from '../../../src/base/id.ts'
import type { Cluster } from '../../support/cluster.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'
import { countLoads, idAt, LOADS, metricOf, open, publish, quantile, round, type Timed } from './cluster.ts'

/** R12: many readers at once open an article that no process has cached. */
export async function requestColdArticle({ apis, database }: Cluster, { readers, timed }: Timed & { readers: number }): Promise<string> {
  const urls = apis.map(api => api.url)
  const [id, other] = [idAt(Date.now() - 60_000), idAt(Date.now() - 60_000)]
  await publish(database.db, [id, other])
  await pause(100)
  const agent = new Agent({ keepAlive: true })
  // On a busy machine, a reader who gets a 503 tries again.
  const readByAll = (what: bigint) =>
    Promise.all(
      Array.from({ length: readers }, (_, i) =>
        eventually(
          () => readArticle(agent, urls[i % urls.length] as string, what),
          ({ status }) => timed || status !== 503,
        ),
      ),
    )
  // The first requests compile code and open connections, which is not the cost of a cache miss.
  await readByAll(other)
  const warm = await readByAll(other)
  const loadsSince = await countLoads(urls)
  const answers = await readByAll(id)
  agent.destroy()
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  const loads = await loadsSince()
  // On a busy machine the lease may end before its holder has loaded, and another process loads as well.
  assert.ok(loads >= 1 && loads <= (timed ? 1 : 2 * urls.length), `${loads} loads from the database`)
  const [cold, hot] = [answers, warm].map(all => Math.max(...all.map(({ ms }) => ms))) as [number, number]
  // If cached reads are as slow, the machine is.
  if (timed) assert.ok(cold <= Math.max(500, 2 * hot), `${round(cold)} ms, ${round(hot)} when nothing is missing`)
  return `${readers} cold readers over ${urls.length} processes: ${loads} queries; slowest answer ${round(cold)} ms, ${round(hot)} when nothing is missing`
}

/** Over an open connection: `fetch` alone takes longer than the answer. */
function readArticle(agent: Agent, url: string, id: bigint): Promise<{ status: number; ms: number }> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    get(`${url}/v1_0/articles/${id}`, { agent, signal: AbortSignal.timeout(3 * PATIENCE_MS) }, answer => {
      answer
        .on('error', reject)
        .resume()
        .on('end', () => resolve({ status: answer.statusCode ?? 0, ms: performance.now() - began }))
    }).on('error', reject)
  })
}

/** R14: ids of no article are requested; then an article with one of them is created. */
export async function requestAbsentIds(
  { apis, database }: Cluster,
  { absent, reads, random, timed }: Timed & Record<'absent' | 'reads' | 'random', number>,
) {
  const urls = apis.map(api => api.url)
  const url = (i: number) => urls[i % urls.length] as string
  const inFlight = async (count: number, one: (i: number) => Promise<unknown>) => {
    let next = 0
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        while (next < count) await one(next++)
      }),
    )
  }
  // Plausible ids, from this year, of no article.
  const ids = Array.from({ length: absent }, (_, i) => idAt(Date.now() - 86_400_000 - i * 60_000))
  await open(url(0), ids[0] as bigint)
  await pause(50)
  const loadsSince = await countLoads(urls)
  const statuses = new Set<number>()
  await inFlight(reads, async i => void statuses.add((await open(url(i * 7), ids[i % absent] as bigint)).status))
  const loads = await loadsSince()
  assert.deepEqual(statuses, new Set([404]))
  // A lease that ends on a slow machine costs one more load. If absence were not cached, each read would cost one.
  assert.ok(loads <= (timed ? absent : 2 * absent), `${loads} queries for ${absent} absent ids`)

  const beforeRandom = await metricOf(urls, LOADS)
  await inFlight(random, async i => void statuses.add((await open(url(i), randomBytes(8).readBigUInt64BE() >> 1n || 1n)).status))
  const reached = (await metricOf(urls, LOADS)) - beforeRandom
  assert.deepEqual(statuses, new Set([404]))
  assert.ok(reached <= random / 20, `${reached} of ${random} random ids reached the database`)

  const created = ids[1 % absent] as ArticleId
  await publish(database.db, [created])
  const began = performance.now()
  for (const one of urls)
    await eventually(
      async () => (await open(one, created)).status,
      status => status === 200,
    )
  if (timed) assert.ok(performance.now() - began < 1_000, 'visible within a second')
  return `${reads} reads of ${absent} absent ids: ${loads} queries; ${random} random ids: ${reached} reached the database; a created one visible everywhere after ${round(performance.now() - began)} ms`
}

/** R17: how soon after its commit a change is seen in every process; then the same without notifications. */
export async function checkInvalidation(
  { apis, database, redis }: Cluster,
  { updates, withoutNotifications, timed }: Timed & { updates: number; withoutNotifications: number },
): Promise<string> {
  const urls = apis.map(api => api.url)
  const { db } = database
  const id = idAt(Date.now() - 60_000)
  await publish(db, [id])
  let n = 0
  const change = async () => {
    const title = `change ${n++}`
    await db.updateTable('article').set({ title }).where('id', '=', id).execute()
    const committed = performance.now()
    return Promise.all(
      urls.map(async url => {
        await eventually(
          () => open(url, id),
          answer => answer.title === title,
        )
        return performance.now() - committed
      }),
    )
  }
  await change()
  const seen: number[] = []
  for (let i = 0; i < updates; i++) seen.push(...(await change()))
  if (timed)
    assert.ok(
      quantile(seen, 0.99) <= 200 && Math.max(...seen) <= 2_100,
      `${round(quantile(seen, 0.99))} ms, worst ${round(Math.max(...seen))} ms`,
    )
  // Notifications come from PostgreSQL and Redis. Both connections are cut faster than they can be opened again.
  let cutting = true
  const cut = (async () => {
    while (cutting) {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'broadsheet wakes %'`.execute(
        db,
      )
      await redis.send('CLIENT', 'KILL', 'TYPE', 'PUBSUB').catch(() => {})
      await pause(20)
    }
  })()
  const late: number[] = []
  for (let i = 0; i < withoutNotifications; i++) {
    await pause(Math.random() * 500)
    late.push(...(await change()))
  }
  cutting = false
  await cut
  if (timed) assert.ok(Math.max(...late) <= 2_100, `${round(Math.max(...late))} ms`)
  return `${updates} changes seen by ${urls.length} processes: p50 ${round(quantile(seen, 0.5))}, p99 ${round(quantile(seen, 0.99))}, worst ${round(Math.max(...seen))} ms; ${withoutNotifications} with all notifications cut: worst ${round(Math.max(...late))} ms`
}
