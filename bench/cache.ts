// The cost of each level of a cache, in alternating rounds: one key, ten keys as a page needs them, a thousand concurrent
// misses of one key, and whole pages. The rows are articles of some kilobytes in an embedded PostgreSQL.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { silentLog } from '../src/base/log.ts'
import { createMetrics } from '../src/base/metrics.ts'
import { type Cache, createCaches } from '../src/engines/cache/caches.ts'
import { type Db, openDatabase } from '../src/engines/database/database.ts'
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

type Load = (ids: bigint[]) => Promise<Map<bigint, unknown>>
type CreateCache = (name: string, levels: { memory: boolean; redis: boolean }) => Cache<bigint, unknown>

const times = new Map<string, number[]>()
const note = (name: string, microseconds: number) => times.set(name, [...(times.get(name) ?? []), microseconds])

export async function measure(): Promise<Report> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const postgres = await startPostgres({ dataDir: folder, log: silentLog })
  stack.defer(() => postgres.stop())
  const database = openDatabase({ url: postgres.url, name: 'bench', log: silentLog })
  stack.defer(() => database.close())
  await migrate(database.pool)
  await insertArticles(database.db)
  const { redis, url: redisUrl } = await startPrivateRedis(stack)

  let queries = 0
  const load: Load = async ids => {
    queries++
    return new Map((await findArticles(database.db, ids as never)).map(row => [row.id as bigint, row]))
  }
  const createCache: CreateCache = (name, levels) => {
    const caches = createCaches({
      log: silentLog,
      metrics: createMetrics(),
      clock: Date.now,
      monotonic: () => performance.now(),
      random: Math.random,
      redis: levels.redis ? redis : undefined,
      loadsAtOnce: 8,
    })
    caches.setCaughtUpAt(Number.MAX_SAFE_INTEGER)
    return caches.createCache({ name, schemaVersion: 1, load, entriesMax: levels.memory ? ARTICLES : 1 })
  }

  await measureLevels(createCache, load)
  const queriesOf = await measureColdReaders(createCache, load, () => queries)
  // Two pages of ten share no article, so there are a tenth as many pages as articles.
  const pages = Array.from({ length: ARTICLES / PAGE }, (_, i) => [
    { what: "an article's page", path: `/v1_0/articles/${i + 1}` },
    { what: 'a page of ten of a list', path: `/app/v1_0/users/1/articles?page=${i + 1}&per_page=${PAGE}` },
  ]).flat()
  for (const { what, state, milliseconds } of await pageCosts({ DATABASE_URL: postgres.url, REDIS_URL: redisUrl }, pages))
    note(`${what}, ${state}`, milliseconds * 1_000)
  return report(queriesOf)
}

async function insertArticles(db: Db): Promise<void> {
  await sql`insert into channel (id, name) values (1, 'bench')`.execute(db)
  await sql`insert into reader (id, name) values (1, 'bench')`.execute(db)
  await sql`insert into article (id, author_id, channel_id, title, status, published_at)
            select n, 1, 1, 'An article with a title of usual length ' || n, 2, now() from generate_series(1, ${sql.lit(ARTICLES)}) n`.execute(
    db,
  )
  await sql`insert into article_content select id, repeat('<p>Some sentences of text.</p>', 100) from article`.execute(db)
}

/** One key and ten keys from each level, all values being there. */
async function measureLevels(createCache: CreateCache, load: Load): Promise<void> {
  const memory = createCache('memory', { memory: true, redis: false })
  const shared = createCache('shared', { memory: false, redis: true })
  const ids = Array.from({ length: ARTICLES }, (_, i) => BigInt(i + 1))
  for (let i = 0; i < ARTICLES; i += 100) {
    await memory.getMany(ids.slice(i, i + 100))
    await shared.getMany(ids.slice(i, i + 100))
  }
  const levels: Record<string, { calls: number; get: (keys: bigint[]) => Promise<unknown> }> = {
    memory: { calls: 20_000, get: keys => memory.getMany(keys) },
    redis: { calls: 500, get: keys => shared.getMany(keys) },
    database: { calls: 500, get: load },
  }
  const someKeys = (size: number, i: number) => Array.from({ length: size }, (_, k) => BigInt(((i * 37 + k * 101) % ARTICLES) + 1))
  for (let round = 0; round < ROUNDS; round++)
    for (const size of [1, PAGE])
      for (const [name, { calls, get }] of Object.entries(levels)) {
        const startedAt = performance.now()
        for (let i = 0; i < calls; i++) await get(someKeys(size, round * calls + i))
        note(`${name} ${size}`, ((performance.now() - startedAt) * 1_000) / calls)
      }
}

/** A thousand concurrent reads of a key that is cached nowhere. Returns the queries of each way. */
async function measureColdReaders(createCache: CreateCache, load: Load, queries: () => number): Promise<Record<string, number>> {
  const ways: Record<string, (round: number) => (key: bigint) => Promise<unknown>> = {
    'through both levels': round => createCache(`cold${round}`, { memory: true, redis: true }).get,
    'each for itself': () => key => load([key]),
  }
  const queriesOf: Record<string, number> = {}
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, start] of Object.entries(ways)) {
      const get = start(round)
      const before = queries()
      const startedAt = performance.now()
      await Promise.all(Array.from({ length: READERS }, () => get(7n)))
      note(name, (performance.now() - startedAt) * 1_000)
      queriesOf[name] = queries() - before
    }
  return queriesOf
}

function report(queriesOf: Record<string, number>): Report {
  const figure = (name: string) => round(median(times.get(name) ?? []))
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
      row(`${READERS} cold readers, ${queriesOf['through both levels']} query`, 'through both levels', 'each for itself'),
      row(`${READERS} cold readers, ${queriesOf['each for itself']} queries`, 'each for itself', 'each for itself'),
      ...["an article's page", 'a page of ten of a list'].flatMap(what =>
        ['in memory', 'in Redis', 'nowhere'].map(state => row(`${what}, its parts ${state}`, `${what}, ${state}`, `${what}, nowhere`)),
      ),
    ],
  }
}

async function startPrivateRedis(stack: AsyncDisposableStack) {
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
