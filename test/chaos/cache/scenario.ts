// What caches promise, asked of real processes over HTTP. For tests: small in every run; whole, and with the times in which
// they promise it, in test/chaos, where nothing else runs.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Agent, get } from 'node:http'
import { sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../../src/base/id.ts'
import { EPOCH_MS } from '../../../src/base/snowflake.ts'
import type { Db } from '../../../src/engines/database/database.ts'
import { type Cluster, startCluster } from '../../support/cluster.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'

const AUTHOR = (1n << 40n) as ReaderId

export async function openCluster(apis: number): Promise<Cluster> {
  const cluster = await startCluster({ apis, small: true })
  const { db } = cluster.database
  await db.insertInto('channel').values({ id: 1, name: 'one' }).execute()
  await db.insertInto('reader').values({ id: AUTHOR, name: 'author' }).execute()
  // The oldest of all, a year ago: what comes after may be an id.
  await publish(db, [idAt(Date.now() - 365 * 86_400_000)])
  return cluster
}

let made = 0
export const idAt = (ms: number) => ((BigInt(Math.floor(ms) - EPOCH_MS) << 22n) | BigInt(made++ % 4096)) as ArticleId

export async function publish(db: Db, ids: ArticleId[]): Promise<void> {
  const rows = ids.map(id => ({
    id,
    author_id: AUTHOR,
    channel_id: 1,
    title: `title ${id}`,
    cover: [],
    status: 2,
    published_at: new Date(),
  }))
  await db.transaction().execute(async tx => {
    await tx.insertInto('article').values(rows).execute()
    await tx
      .insertInto('article_content')
      .values(ids.map(id => ({ article_id: id, html: '<p>text</p>' })))
      .execute()
  })
}

/** Asks again when the answer is that there is no time now, as clients do. */
async function patiently(url: string, how: RequestInit = {}): Promise<{ status: number; text: string }> {
  const ask = async () => {
    const answer = await fetch(url, { ...how, signal: AbortSignal.timeout(3 * PATIENCE_MS) })
    return { status: answer.status, text: await answer.text() }
  }
  return eventually(ask, ({ status }) => status !== 503)
}

export async function open(url: string, id: bigint): Promise<{ status: number; ms: number; title?: string }> {
  const began = performance.now()
  const { status, text } = await patiently(`${url}/v1_0/articles/${id}`)
  return { status, ms: performance.now() - began, title: status === 200 ? JSON.parse(text).data.title : undefined }
}

export async function metricOf(urls: string[], series: RegExp): Promise<number> {
  const texts = await Promise.all(urls.map(async url => (await fetch(`${url}/metrics`)).text()))
  let sum = 0
  for (const line of texts.join('\n').split('\n')) if (series.test(line)) sum += Number(line.split(' ').at(-1))
  return sum
}

/** Waits until a process has all it works with. */
async function up(url: string): Promise<void> {
  const state = async () => ((await (await fetch(`${url}/readyz`)).json()) as { status: string }).status
  await eventually(state, status => status === 'up')
}

/**
 * Questions to the database, less those for which Redis was late and a process went on without: a machine that runs all tests
 * at once keeps it waiting for more than the twentieth of a second it is given.
 */
const LATE = /^cache_requests_total\{cache="article",level="redis",outcome="away"\}/
async function questions(urls: string[]): Promise<() => Promise<number>> {
  const [loads, late] = [await metricOf(urls, LOADS), await metricOf(urls, LATE)]
  return async () => (await metricOf(urls, LOADS)) - loads - ((await metricOf(urls, LATE)) - late)
}

const LOADS = /^cache_loads_total\{cache="article"\}/
const at = (values: number[], share: number) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] as number
const round = (ms: number) => Math.round(ms)

/** Whether it has to be quick as well, which says something only where nothing else runs. */
export interface Timed {
  timed?: boolean
}

/** R12: so many readers open one article that no process has seen, all at once. */
export async function requestColdArticle({ apis, database }: Cluster, { readers, timed }: Timed & { readers: number }): Promise<string> {
  const urls = apis.map(api => api.url)
  const [id, other] = [idAt(Date.now() - 60_000), idAt(Date.now() - 60_000)]
  await publish(database.db, [id, other])
  await pause(100)
  const agent = new Agent({ keepAlive: true })
  // Where much else runs, whoever is told to come again does so.
  const everybody = (what: bigint) =>
    Promise.all(
      Array.from({ length: readers }, (_, i) =>
        eventually(
          () => ask(agent, urls[i % urls.length] as string, what),
          ({ status }) => timed || status !== 503,
        ),
      ),
    )
  // The first readers of all make everything compile what it runs, and connect: that is the test's cost, not that of a miss.
  await everybody(other)
  const warm = await everybody(other)
  const asked = await questions(urls)
  const answers = await everybody(id)
  agent.destroy()
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  const questioned = await asked()
  // On a busy machine who holds the lease may be so slow that it ends, and another asks as well; never each reader.
  assert.ok(questioned >= 1 && questioned <= (timed ? 1 : 2 * urls.length), `${questioned} questions to the database`)
  const [cold, hot] = [answers, warm].map(all => Math.max(...all.map(({ ms }) => ms))) as [number, number]
  // Where those who miss nothing wait as long, it is the machine.
  if (timed) assert.ok(cold <= Math.max(500, 2 * hot), `${round(cold)} ms, ${round(hot)} when nothing is missing`)
  return `${readers} cold readers over ${urls.length} processes: ${questioned} queries; slowest answer ${round(cold)} ms, ${round(hot)} when nothing is missing`
}

/** On a connection that is there already, for `fetch` takes longer than what it asks for. */
function ask(agent: Agent, url: string, id: bigint): Promise<{ status: number; ms: number }> {
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

/** R13: the process that loads for all of them is killed while it does. Leaves one process fewer. */
export async function killLoadingProcess(cluster: Cluster, { readers, timed }: Timed & { readers: number }): Promise<string> {
  const { apis, database, redis } = cluster
  await Promise.all(apis.map(api => up(api.url)))
  const victim = apis.pop() as Cluster['apis'][number]
  const urls = apis.map(api => api.url)
  const id = idAt(Date.now() - 60_000)
  await publish(database.db, [id])
  await pause(100)
  const questioned = await questions(urls)
  const lock = await database.pool.connect()
  await lock.query('begin; lock table article_content in access exclusive mode')
  const doomed = open(victim.url, id).catch(() => ({ status: 0 }))
  await eventually(
    () => redis.send<number>('EXISTS', `bs:{cache:article:${id}}:lease`),
    held => held === 1,
  )
  const asked = Promise.all(Array.from({ length: readers }, (_, i) => open(urls[i % urls.length] as string, id)))
  await pause(100)
  const killed = performance.now()
  victim.kill('SIGKILL')
  await victim.ended
  // Its question may still wait in the database; it is nobody's now.
  await lock.query('commit')
  lock.release()
  const answers = await asked
  const took = performance.now() - killed
  assert.equal((await doomed).status, 0)
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  // Redis may be late on a busy machine without costing a question.
  assert.ok((await questioned()) < (timed ? 2 : urls.length), 'one more question')
  if (timed) assert.ok(took < 3_000, `${round(took)} ms`)
  return `lease holder killed: 1 query more, ${readers} answered ${round(took)} ms after the kill`
}

/** R14: numbers of things that are not there; then one of them comes to be. */
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
  // Made in this year, so that they may be; nobody's all the same.
  const ids = Array.from({ length: absent }, (_, i) => idAt(Date.now() - 86_400_000 - i * 60_000))
  await open(url(0), ids[0] as bigint)
  await pause(50)
  const asked = await questions(urls)
  const statuses = new Set<number>()
  await inFlight(reads, async i => void statuses.add((await open(url(i * 7), ids[i % absent] as bigint)).status))
  const loads = await asked()
  assert.deepEqual(statuses, new Set([404]))
  // A lease that ends on a slow machine costs one more; if absence were not remembered, each read would cost one.
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

/** R17: how long after its commit a change is seen in every process; then the same while nobody is woken. */
export async function checkInvalidation(
  { apis, database, redis }: Cluster,
  { updates, unheard, timed }: Timed & { updates: number; unheard: number },
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
    assert.ok(at(seen, 0.99) <= 200 && Math.max(...seen) <= 2_100, `${round(at(seen, 0.99))} ms, worst ${round(Math.max(...seen))} ms`)
  // Wakes come by two ways; both are cut again and again, quicker than they can be made anew.
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
  for (let i = 0; i < unheard; i++) {
    await pause(Math.random() * 500)
    late.push(...(await change()))
  }
  cutting = false
  await cut
  if (timed) assert.ok(Math.max(...late) <= 2_100, `${round(Math.max(...late))} ms`)
  return `${updates} changes seen by ${urls.length} processes: p50 ${round(at(seen, 0.5))}, p99 ${round(at(seen, 0.99))}, worst ${round(Math.max(...seen))} ms; ${unheard} with all wakes cut: worst ${round(Math.max(...late))} ms`
}

/** R10: Redis hangs, is killed, comes back, while readers read, sign in and ask for codes. */
export async function interruptRedis(
  { apis, redis, database }: Cluster,
  { hungMs, downMs, timed }: Timed & { hungMs: number; downMs: number },
): Promise<string> {
  const { url } = apis[0] as Cluster['apis'][number]
  const ids = Array.from({ length: 20 }, () => idAt(Date.now() - 60_000))
  await publish(database.db, ids)
  const times: number[] = []
  const failures: string[] = []
  const ask = async (method: string, path: string, json?: unknown) => {
    const began = performance.now()
    const headers = { 'content-type': 'application/json' }
    const { status } = await patiently(url + path, { method, ...(json !== undefined && { headers, body: JSON.stringify(json) }) })
    times.push(performance.now() - began)
    return status
  }
  const until = async (ms: number) => {
    const end = performance.now() + ms
    await Promise.all(
      Array.from({ length: 4 }, async (_, reader) => {
        for (let i = reader; performance.now() < end; i += 4) {
          const statuses = [
            await ask('POST', '/app/v1_0/authorizations', { mobile: `138${String(10_000_000 + (i % 1_000))}`, code: '246810' }),
            await ask('GET', `/v1_0/articles/${ids[i % ids.length]}`),
            await ask('GET', `/app/v1_1/articles?channel_id=0&timestamp=${Date.now()}&with_top=1`),
            await ask('GET', '/app/v1_0/channels'),
          ]
          if (statuses.some(status => status >= 300)) failures.push(statuses.join())
        }
      }),
    )
  }
  /** Until the caches use Redis again. */
  const recovered = async () => {
    const began = performance.now()
    const used = /^cache_requests_total\{cache="article",level="redis",outcome="(hit|miss|waited)"\}/
    const before = await metricOf([url], used)
    let i = 0
    await eventually(
      async () => {
        await open(url, idAt(Date.now() - 100_000_000 + i++))
        return metricOf([url], used)
      },
      count => count > before,
    )
    const ms = performance.now() - began
    if (timed) assert.ok(ms < 5_000, 'used again within five seconds')
    return ms
  }
  await until(300)
  times.length = 0
  redis.signal('SIGSTOP')
  await until(hungMs)
  const hung = { p99: at(times, 0.99), requests: times.length }
  redis.signal('SIGCONT')
  const afterHang = await recovered()
  times.length = 0
  await redis.kill()
  await until(downMs)
  const down = { p99: at(times, 0.99), requests: times.length }
  // A hundred codes an hour from one address: counted by the process itself now.
  const code = async (i: number) => (await fetch(`${url}/app/v1_0/sms/codes/139${10_000_000 + i}`)).status // once: each is counted
  const codes = await Promise.all(Array.from({ length: 110 }, (_, i) => code(i)))
  await redis.start()
  const afterDown = await recovered()
  assert.deepEqual(failures, [])
  if (timed) assert.ok(hung.p99 <= 1_000 && down.p99 <= 1_000, `p99 ${round(hung.p99)} and ${round(down.p99)} ms`)
  assert.equal(codes.filter(status => status === 429).length, 10, 'limits hold while Redis is away')
  return `Redis hung ${hungMs / 1000} s: ${hung.requests} requests, all 2xx, p99 ${round(hung.p99)} ms, used again after ${round(afterHang)} ms; down ${downMs / 1000} s: ${down.requests}, p99 ${round(down.p99)} ms, again after ${round(afterDown)} ms`
}

/** R38: one process stands still for so long; the others do not notice, and it goes on as if nothing had been. */
export async function freezeProcess({ apis, database }: Cluster, { ms, timed }: Timed & { ms: number }): Promise<string> {
  const [still, other] = apis.slice(-2) as [Cluster['apis'][number], Cluster['apis'][number]]
  const ids = Array.from({ length: 10 }, () => idAt(Date.now() - 60_000))
  await publish(database.db, ids)
  await Promise.all(ids.map(id => open(still.url, id)))
  still.kill('SIGSTOP')
  const waiting = ids.map(id => open(still.url, id))
  const times: number[] = []
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const { status, ms: took } = await open(other.url, ids[times.length % 10] as bigint)
    assert.equal(status, 200)
    times.push(took)
  }
  still.kill('SIGCONT')
  assert.deepEqual(new Set((await Promise.all(waiting)).map(({ status }) => status)), new Set([200]))
  const began = performance.now()
  await up(still.url)
  if (timed) {
    assert.ok(performance.now() - began < 2_000, 'ready again')
    assert.ok(at(times, 0.99) < 500, `${round(at(times, 0.99))} ms`)
  }
  return `one process stood still for ${ms / 1000} s: p99 of another meanwhile ${round(at(times, 0.99))} ms, ready again after ${round(performance.now() - began)} ms`
}
