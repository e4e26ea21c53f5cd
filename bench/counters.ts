// Reconciling a thousand, a hundred thousand and a million counts kept in Redis: duration, memory, and for how long Redis is
// blocked. And likes a second of one article: as deltas, and beside it as one locked row that counts.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import pg from 'pg'
import { silentLog } from '../src/base/log.ts'
import { openDatabase } from '../src/engines/database/database.ts'
import { migrate } from '../src/engines/database/migrate.ts'
import { startPostgres } from '../src/engines/postgres/embedded-postgres.ts'
import { run } from './processes.ts'
import { median, quantile, type Report, round } from './report.ts'

const SIZES = [1_000, 100_000, 1_000_000]
const ROUNDS = 5
const IDLE_MS = 1_500
const HOT_SECONDS = 3
const HOT_CLIENTS = 16

export async function measure(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'))
  const postgres = await startPostgres({ dataDir: folder, log: silentLog })
  const { pool, close } = openDatabase({ url: postgres.url, name: 'bench', log: silentLog, connectionsMax: HOT_CLIENTS })
  const redis = await ownRedis(folder)
  try {
    await migrate(pool)
    // A table of its own, declared like every counted table, so that a million rows are inserted fast.
    await pool.query(
      `create table tally (key bigint primary key); select declare_counts('tally', 'select ''article.likes'' kind, key, 1 d from rows')`,
    )
    const rows: Report['rows'] = []
    for (const size of SIZES) rows.push(await reconcile(pool, postgres.url, redis, size))
    const hot = await hotArticle(pool)
    return {
      load: `reconcile: ${ROUNDS} rounds, each beside ${IDLE_MS} ms of rest, medians; memory is the most the process held; commands from SLOWLOG. Hot article: ${ROUNDS} alternating rounds of ${HOT_SECONDS} s, ${HOT_CLIENTS} connections, one row and its count a transaction, fsync on; medians`,
      rows: [...rows, ...hot],
    }
  } finally {
    await redis.stop()
    await close()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function reconcile(pool: pg.Pool, databaseUrl: string, redis: OwnRedis, size: number): Promise<Report['rows'][0]> {
  await pool.query('delete from counter; delete from counter_delta')
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from tally')
  for (let from = rows[0]?.n ?? 0; from < size; from += 20_000)
    await pool.query('insert into tally select g::bigint << 22 from generate_series($1::int + 1, $2::int) g', [
      from,
      Math.min(size, from + 20_000),
    ])
  await pool.query(`delete from counter_delta; insert into counter select 'article.likes', key, 1 from tally`)
  await pool.query('vacuum analyze counter')
  await pool.query('vacuum analyze tally')
  await redis.send('FLUSHALL')
  const worker = await run('./counters-process.ts', [databaseUrl, redis.url], { NODE_OPTIONS: '' })
  try {
    const figures: Figures[] = []
    const idle: number[] = []
    const busy: number[] = []
    await redis.send('SLOWLOG', 'RESET')
    for (let i = 0; i < ROUNDS; i++) {
      idle.push(...(await pings(redis, pause(IDLE_MS))))
      const done = redis.nextMessage('bench:done')
      await redis.send('PUBLISH', 'bench:go', 'x')
      busy.push(...(await pings(redis, done)))
      figures.push(JSON.parse(await done) as Figures)
    }
    const slow = await redis.send<[number, number, number, string[]][]>('SLOWLOG', 'GET', '-1')
    const own = slow.filter(entry => !/SLOWLOG|PING|FLUSHALL/i.test(entry[3][0] ?? '')).map(entry => entry[2] / 1000)
    if (figures.some(one => one.drift !== 0 || one.checked !== size)) throw new Error(`drift: ${JSON.stringify(figures)}`)
    return {
      what: `reconcile ${size.toLocaleString('en')}`,
      seconds: round(median(figures.map(one => one.seconds))),
      slowest: round(Math.max(...figures.map(one => one.seconds))),
      'peak MB': Math.round(Math.max(...figures.map(one => one.peakMb))),
      'longest command ms': round(Math.max(0, ...own)),
      'PING p99.9 ms': round(quantile(busy, 0.999)),
      'idle p99.9 ms': round(quantile(idle, 0.999)),
    }
  } finally {
    await worker.stop()
  }
}

interface Figures {
  seconds: number
  drift: number
  checked: number
  peakMb: number
}

const pause = (ms: number) => new Promise<unknown>(resolve => setTimeout(resolve, ms))

/** How long another client of Redis waits for an answer, measured once a millisecond until the promise is settled. */
async function pings(redis: OwnRedis, until: Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  let over = false
  void until.finally(() => {
    over = true
  })
  while (!over) {
    const startedAt = performance.now()
    await redis.send('PING')
    times.push(performance.now() - startedAt)
    await pause(1)
  }
  return times
}

async function hotArticle(pool: pg.Pool): Promise<Report['rows']> {
  await pool.query(`
    create table hot_like (id bigint generated always as identity primary key, article_id bigint not null);
    create table hot_count (article_id bigint primary key, value bigint not null);
    create table hot_log (id bigint generated always as identity primary key, article_id bigint not null);
    insert into hot_count values (1, 0);
    select declare_counts('hot_log', 'select ''article.likes'' kind, article_id key, 1 d from rows')`)
  const cases: Record<string, string> = {
    'like, one locked row':
      'with put as (insert into hot_like (article_id) values (1)) update hot_count set value = value + 1 where article_id = 1',
    'like, as a delta': 'insert into hot_log (article_id) values (1)',
  }
  const found = new Map<string, number[]>()
  for (let i = 0; i < ROUNDS; i++)
    for (const [name, statement] of Object.entries(cases)) {
      let done = 0
      const until = performance.now() + HOT_SECONDS * 1000
      await Promise.all(
        Array.from({ length: HOT_CLIENTS }, async () => {
          for (; performance.now() < until; done++) await pool.query(statement)
        }),
      )
      found.set(name, [...(found.get(name) ?? []), done / HOT_SECONDS])
    }
  const locked = found.get('like, one locked row') as number[]
  return [...found].map(([what, perSecond]) => ({
    what,
    'per s': round(median(perSecond)),
    'of locked': round(median(perSecond.map((one, i) => one / (locked[i] as number)))),
  }))
}

interface OwnRedis {
  url: string
  send<T = unknown>(...command: string[]): Promise<T>
  /** The next message of a channel. */
  nextMessage(channel: string): Promise<string>
  stop(): Promise<void>
}

async function ownRedis(folder: string): Promise<OwnRedis> {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as { port: number }
  await new Promise(resolve => free.close(resolve))
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--slowlog-log-slower-than',
    '500',
    '--slowlog-max-len',
    '10000',
  ]
  const child: ChildProcess = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const text of child.stdout as AsyncIterable<Buffer>) if (/eady to accept connections/.test(String(text))) break
  child.stdout?.on('error', () => {}).resume()
  const socket = { host: '127.0.0.1', port }
  const client = await createClient({ socket }).connect()
  const listener = await createClient({ socket }).connect()
  return {
    url: `redis://127.0.0.1:${port}`,
    send: async <T>(...command: string[]) => (await client.sendCommand(command)) as T,
    nextMessage: channel =>
      new Promise((resolve, reject) => {
        const receive = (message: string) => {
          listener.unsubscribe(channel).then(() => resolve(message), reject)
        }
        listener.subscribe(channel, receive).catch(reject)
      }),
    async stop() {
      client.destroy()
      listener.destroy()
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
