// Pushes beside a bare Socket.IO server: memory of an idle socket, the time from the insert of a like to the client, its commit
// included, and the fan-out of one publication.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openInfrastructure } from '../src/app/infrastructure.ts'
import { createSignIn } from '../src/app/sign-in.ts'
import { silentLog } from '../src/base/log.ts'
import { readConfig } from '../src/config.ts'
import { type Db, openDatabase } from '../src/engines/database/database.ts'
import { migrate } from '../src/engines/database/migrate.ts'
import { startPostgres } from '../src/engines/postgres/embedded-postgres.ts'
import { fanOut } from '../src/features/notices/fanout.sql.ts'
import { lockNotices } from '../src/features/notices/make-notices.sql.ts'
import { type Running, run } from './processes.ts'
import { openListeners } from './push-clients.ts'
import { median, quantile, type Report, round } from './report.ts'

const READERS = 500
const SOCKETS_EACH = 4
const SOCKETS = READERS * SOCKETS_EACH
const FOLLOWERS = 10_000
const ROUNDS = 3
const SECONDS = 8
const PER_SECOND = 100
const BATCH = 500 // as src/features/notices/make-notices.ts

const FIRST = 2n ** 60n

export async function measure(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-push-'))
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: silentLog })
  const { db, pool, close } = openDatabase({ url: postgres.url, name: 'bench', log: silentLog })
  await migrate(pool)
  await insertWorld(db)
  const bare = await run('./bare-sockets.ts', [], {}, { ipc: true })
  try {
    const fanouts = []
    for (let i = 0; i < ROUNDS; i++) fanouts.push(await measureFanout(db, BigInt(i)))
    const data = { DATABASE_URL: postgres.url, DATA_DIR: join(folder, 'data') }
    // Behind a proxy each client has an address of its own. No code is sent.
    const env = { ...data, PORT: '0', GRPC_PORT: '0', LOG_LEVEL: 'warn', DEMO: '0', TRUST_PROXY: '1', SMS_URL: 'http://127.0.0.1:9' }
    const product = await run('../src/main.ts', [], env)
    const urls = { product: product.ready.split(' ')[1] as string, bare: bare.ready.split(' ')[1] as string }
    const tokens = await issueTokens(env)
    const sentAt = new Map<string, number>()
    const times: Record<'product' | 'bare', number[]> = { product: [], bare: [] }
    const queries = Array.from({ length: SOCKETS }, (_, i) => i % READERS)
    const listen = (which: 'product' | 'bare', toQuery: (reader: number) => string) =>
      openListeners(urls[which], queries.map(toQuery), (client, text) => {
        if (!text.startsWith('42["liking notify"')) return
        const at = sentAt.get(`${which} ${client % READERS}`)
        if (at !== undefined) times[which].push(performance.now() - at)
      })
    const memory = async (server: Running, open: () => ReturnType<typeof openListeners>) => {
      await sleep(2_000)
      const before = server.residentMb()
      const listeners = open()
      await listeners.opened
      await sleep(2_000)
      return { listeners, kb: ((server.residentMb() - before) * 1_024) / SOCKETS }
    }
    // The first clients load the library.
    const warm = [openListeners(urls.product, [`token=${tokens[0]}`], () => {}), openListeners(urls.bare, ['reader=x'], () => {})]
    await Promise.all(warm.map(({ opened }) => opened))
    const held = {
      bare: await memory(bare, () => listen('bare', reader => `reader=${reader}`)),
      product: await memory(product, () => listen('product', reader => `token=${tokens[reader]}`)),
    }
    const rounds: Record<'product' | 'bare', number[][]> = { product: [], bare: [] }
    for (let i = 0; i < ROUNDS; i++)
      for (const which of ['bare', 'product'] as const) {
        times[which] = []
        for (let n = 0; n < SECONDS * PER_SECOND; n++) {
          const reader = (n * 7) % READERS
          const due = sleep(1_000 / PER_SECOND)
          sentAt.set(`${which} ${reader}`, performance.now())
          if (which === 'bare') bare.send(String(reader))
          else await like(db, reader, i * SECONDS * PER_SECOND + n)
          await due
        }
        await sleep(1_000)
        rounds[which].push(times[which])
      }
    for (const { listeners } of Object.values(held)) listeners.close()
    for (const { close } of warm) close()
    await product.stop()
    return report({ held: { bare: held.bare.kb, product: held.product.kb }, rounds, fanouts })
  } finally {
    await bare.stop()
    await close()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Readers with an article each, fans who like them, and an author with many followers. */
async function insertWorld(db: Db): Promise<void> {
  await sql`insert into channel (id, name) values (1, 'one')`.execute(db)
  await sql`insert into reader (id, name, mobile) select ${FIRST}::bigint + n, 'r' || n, case when n < ${READERS} then (13900000000 + n)::text end
    from generate_series(0, ${FOLLOWERS}::int) n`.execute(db)
  await sql`insert into article (id, author_id, channel_id, title, status, published_at)
    select ${FIRST}::bigint + n, ${FIRST}::bigint + n, 1, 'An article of a reader', 2, now() - interval '2 days' from generate_series(0, ${READERS - 1}::int) n`.execute(
    db,
  )
  await sql`insert into following (reader_id, creator_id) select ${FIRST}::bigint + n, ${FIRST}::bigint + ${FOLLOWERS}::bigint from generate_series(0, ${FOLLOWERS - 1}::int) n`.execute(
    db,
  )
}

/** A fan likes the article of a reader: what the API does. */
async function like(db: Db, reader: number, nth: number): Promise<void> {
  const fan = FIRST + BigInt(READERS + (nth % (FOLLOWERS - READERS)))
  await sql`insert into attitude (reader_id, article_id, value) values (${fan}, ${FIRST + BigInt(reader)}, 1) on conflict do nothing`.execute(
    db,
  )
}

async function issueTokens(env: Record<string, string>): Promise<string[]> {
  const infrastructure = await openInfrastructure(readConfig(env), 'cli', silentLog)
  try {
    const { accounts } = createSignIn(infrastructure)
    const tokens: string[] = []
    for (let i = 0; i < READERS; i++) tokens.push((await accounts.signInWithoutCode(String(13_900_000_000 + i), 'app')).token)
    return tokens
  } finally {
    await infrastructure.close()
  }
}

/** Tells all followers of an author of a new article, as a worker does. */
async function measureFanout(db: Db, nth: bigint): Promise<{ perSecond: number; longestMs: number }> {
  const article = FIRST + 1_000_000n + nth
  await sql`insert into article (id, author_id, channel_id, title, status, published_at)
    values (${article}, ${FIRST}::bigint + ${FOLLOWERS}::bigint, 1, 'News', 2, now())`.execute(db)
  await sql`insert into notice_fanout (article_id, due_at, withdraws) values (${article}, now(), false)`.execute(db)
  const began = performance.now()
  let longestMs = 0
  for (let goesOn = true; goesOn; ) {
    const at = performance.now()
    goesOn = await db.transaction().execute(async tx => {
      await lockNotices(tx)
      return fanOut(tx, BATCH)
    })
    longestMs = Math.max(longestMs, performance.now() - at)
  }
  return { perSecond: FOLLOWERS / ((performance.now() - began) / 1_000), longestMs }
}

interface Figures {
  held: { bare: number; product: number }
  rounds: { bare: number[][]; product: number[][] }
  fanouts: { perSecond: number; longestMs: number }[]
}

function report({ held, rounds, fanouts }: Figures): Report {
  const row = (which: 'bare' | 'product', what: string) => ({
    what,
    sockets: SOCKETS,
    'KB a socket': round(held[which]),
    'p50 ms': round(median(rounds[which].map(times => median(times)))),
    'p99 ms': round(median(rounds[which].map(times => quantile(times, 0.99)))),
    delivered: round(rounds[which].reduce((sum, times) => sum + times.length, 0) / (ROUNDS * SECONDS * PER_SECOND * SOCKETS_EACH), 4),
    'rows/s': '' as string | number,
    'longest transaction ms': '' as string | number,
  })
  return {
    load: `${ROUNDS} alternating rounds of ${SECONDS} s with ${PER_SECOND} likes a second, each pushed to ${SOCKETS_EACH} sockets, from the insert to the client; medians. Fan-out of one article to ${FOLLOWERS} followers, ${ROUNDS} times`,
    rows: [
      row('bare', 'bare Socket.IO'),
      row('product', 'pushes of notices'),
      {
        ...row('product', 'fan-out of an article'),
        sockets: 0,
        'KB a socket': 0,
        'p50 ms': 0,
        'p99 ms': 0,
        delivered: 0,
        'rows/s': round(median(fanouts.map(({ perSecond }) => perSecond))),
        'longest transaction ms': round(Math.max(...fanouts.map(({ longestMs }) => longestMs))),
      },
    ],
  }
}
