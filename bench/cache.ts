// What a cache's levels cost, each beside the others in alternating rounds: one key, ten keys as a page needs them, a
// thousand who miss the same key at once, and whole pages. Rows are articles of some kilobytes in an embedded PostgreSQL.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { silentLog } from '../src/base/log.ts'
import { createMetrics } from '../src/base/metrics.ts'
import { createCaches } from '../src/engines/cache/caches.ts'
import { openDatabase } from '../src/engines/database/database.ts'
import { migrate } from '../src/engines/database/migrate.ts'
import { startPostgres } from '../src/engines/postgres/embedded-postgres.ts'
import { openRedis } from '../src/engines/redis/open-redis.ts'
import { findArticles } from '../src/features/articles/articles.sql.ts'
import { pageCosts } from './cache-pages.ts'
import { median, type Report, round } from './report.ts'

const ROUNDS = 7
const ARTICLES = 1_000
const PAGE = 10
const READERS = 1_000

export async function measure(): Promise<Report> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const postgres = await startPostgres({ dataDir: folder, log: silentLog })
  stack.defer(() => postgres.stop())
  const database = openDatabase({ url: postgres.url, name: 'bench', log: silentLog })
  stack.defer(() => database.close())
  await migrate(database.pool)
  const { db } = database
  await sql`insert into channel (id, name) values (1, 'bench')`.execute(db)
  await sql`insert into reader (id, name) values (1, 'bench')`.execute(db)
  await sql`insert into article (id, author_id, channel_id, title, status, published_at)
            select n, 1, 1, 'An article with a title of usual length ' || n, 2, now() from generate_series(1, ${sql.lit(ARTICLES)}) n`.execute(
    db,
  )
  await sql`insert into article_content select id, repeat('<p>Some sentences of text.</p>', 100) from article`.execute(db)
  const { redis, url: redisUrl } = await privateRedis(stack)

  let queries = 0
  const load = async (ids: bigint[]) => {
    queries++
    return new Map((await findArticles(db, ids as never)).map(row => [row.id as bigint, row]))
  }
  const cacheOf = (name: string, near: boolean, far: boolean) => {
    const caches = createCaches({
      log: silentLog,
      metrics: createMetrics(),
      clock: Date.now,
      monotonic: () => performance.now(),
      random: Math.random,
      redis: far ? redis : undefined,
      loadsAtOnce: 8,
    })
    caches.setCaughtUpAt(Number.MAX_SAFE_INTEGER)
    return caches.createCache({ name, schemaVersion: 1, load, entriesMax: near ? ARTICLES : 1 })
  }
  const memory = cacheOf('memory', true, false)
  const shared = cacheOf('shared', false, true)
  const every = Array.from({ length: ARTICLES }, (_, i) => BigInt(i + 1))
  for (let i = 0; i < ARTICLES; i += 100) {
    await memory.getMany(every.slice(i, i + 100))
    await shared.getMany(every.slice(i, i + 100))
  }

  const someKeys = (n: number, i: number) => Array.from({ length: n }, (_, k) => BigInt(((i * 37 + k * 101) % ARTICLES) + 1))
  const levels: Record<string, { many: number; get: (keys: bigint[]) => Promise<unknown> }> = {
    memory: { many: 20_000, get: keys => memory.getMany(keys) },
    redis: { many: 500, get: keys => shared.getMany(keys) },
    database: { many: 500, get: keys => load(keys) },
  }
  const times: Record<string, number[]> = {}
  const note = (what: string, microseconds: number) => (times[what] ??= []).push(microseconds)
  for (let r = 0; r < ROUNDS; r++)
    for (const size of [1, PAGE])
      for (const [name, { many, get }] of Object.entries(levels)) {
        const began = performance.now()
        for (let i = 0; i < many; i++) await get(someKeys(size, r * many + i))
        note(`${name} ${size}`, ((performance.now() - began) * 1_000) / many)
      }

  const stampedes: Record<string, (round: number) => (key: bigint) => Promise<unknown>> = {
    'through both levels': r => {
      const cache = cacheOf(`cold${r}`, true, true)
      return key => cache.get(key)
    },
    'each for itself': () => key => load([key]),
  }
  const asked: Record<string, number> = {}
  for (let r = 0; r < ROUNDS; r++)
    for (const [name, start] of Object.entries(stampedes)) {
      const get = start(r)
      queries = 0
      const began = performance.now()
      await Promise.all(Array.from({ length: READERS }, () => get(7n)))
      note(name, (performance.now() - began) * 1_000)
      asked[name] = queries
    }

  // A page of ten shares no article with another, so as many times ten as there are articles.
  const pages = Array.from({ length: ARTICLES / PAGE }, (_, i) => [
    { what: "an article's page", path: `/v1_0/articles/${i + 1}` },
    { what: 'a page of ten of a list', path: `/app/v1_0/users/1/articles?page=${i + 1}&per_page=${PAGE}` },
  ]).flat()
  for (const { what, state, milliseconds } of await pageCosts({ DATABASE_URL: postgres.url, REDIS_URL: redisUrl }, pages))
    note(`${what}, ${state}`, milliseconds * 1_000)

  const figure = (name: string) => round(median(times[name] ?? []))
  const row = (what: string, name: string, beside: string) => ({
    what,
    microseconds: figure(name),
    beside,
    ratio: round(figure(name) / figure(beside), 2),
  })
  return {
    load: `${ROUNDS} alternating rounds; ${ARTICLES} articles of 3 kB; Redis and PostgreSQL on the same machine`,
    rows: [
      row('one, in memory', 'memory 1', 'database 1'),
      row('one, in Redis', 'redis 1', 'database 1'),
      row('one, loaded', 'database 1', 'database 1'),
      row('ten, in memory', 'memory 10', 'database 10'),
      row('ten, in Redis', 'redis 10', 'database 10'),
      row('ten, loaded', 'database 10', 'database 10'),
      row(`${READERS} cold readers, ${asked['through both levels']} query`, 'through both levels', 'each for itself'),
      row(`${READERS} cold readers, ${asked['each for itself']} queries`, 'each for itself', 'each for itself'),
      ...["an article's page", 'a page of ten of a list'].flatMap(what =>
        ['in memory', 'in Redis', 'nowhere'].map(state => row(`${what}, its parts ${state}`, `${what}, ${state}`, `${what}, nowhere`)),
      ),
    ],
  }
}

async function privateRedis(stack: AsyncDisposableStack) {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  await new Promise(resolve => probe.close(resolve))
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore' })
  await Promise.race([
    once(child, 'spawn'),
    once(child, 'error').then(([err]) => Promise.reject(new Error(`redis-server is needed: ${err.message}`))),
  ])
  stack.defer(() => void child.kill())
  const url = `redis://127.0.0.1:${port}`
  const redis = openRedis({ url, name: 'bench', log: silentLog })
  stack.defer(() => redis.close())
  await redis.connected(5_000)
  return { redis, url }
}
