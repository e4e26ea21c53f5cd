// Defects found in the program that this product replaces, when it was run. One test shows that each is absent here.

import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { before, test } from 'node:test'
import { createApp } from '../../src/app/app.ts'
import { silentLog } from '../../src/base/log.ts'
import { readConfig } from '../../src/config.ts'
import { COUNTER_KINDS } from '../../src/engines/counters/counters.ts'
import { createReconciler, type ReconcileReport } from '../../src/engines/counters/reconcile.ts'
import { createApplier } from '../../src/engines/counters/redis/applier.ts'
import { shardKey, shardOf } from '../../src/engines/counters/redis/keys.ts'
import { redisCounters } from '../../src/engines/counters/redis/read.ts'
import { tableCounters } from '../../src/engines/counters/table.ts'
import { createJobControl } from '../../src/engines/jobs/control.ts'
import type { Redis } from '../../src/engines/redis/redis.ts'
import { cleanup } from '../support/cleanup.ts'
import { testDatabase, waitForLog } from '../support/database.ts'
import { connectRedis, NO_REDIS, startRedis, type TestRedis } from '../support/redis.ts'
import { eventually, PATIENCE_MS, pause } from '../support/waiting.ts'

const skip = NO_REDIS
const root = join(import.meta.dirname, '..', '..')
const { db, pool, url } = await testDatabase()
let server: TestRedis
let redis: Redis
/** Number of words of the longest command sent to Redis. */
let longestCommand = 0
let applier: ReturnType<typeof createApplier>

before(async () => {
  await pool.query(
    `insert into channel (id, name) values (1, 'news'); insert into reader (id, name) select g, 'reader ' || g from generate_series(1, 2000) g`,
  )
  if (skip) return
  server = await startRedis('--slowlog-log-slower-than', '10000')
  const connection = await connectRedis(server.url)
  const measure = (commands: (string | Buffer)[][]) => {
    for (const command of commands) longestCommand = Math.max(longestCommand, command.length)
  }
  redis = {
    ...connection,
    pipeline: (commands, ms) => (measure(commands), connection.pipeline(commands, ms)),
    runAll: (script, calls, ms) => (measure(calls.map(call => call.args)), connection.runAll(script, calls, ms)),
  }
  applier = createApplier({ db, pool, redis, log: silentLog, settleMs: 0 })
  cleanup(() => applier.close())
  await applyAll()
})

async function applyAll(): Promise<void> {
  await eventually(
    async () => {
      await applier.tick()
      await pause(10)
      return applier.missingShards()
    },
    missing => missing === 0,
  )
}

const publish = (first: number, count: number) =>
  pool.query(
    `insert into article (id, author_id, channel_id, title, status, published_at)
     select g, 1 + g % 2000, 1, 'title', 2, now() from generate_series($1::int, $2::int) g`,
    [first, first + count - 1],
  )

/** Waits until the counts in Redis are those of the rows. Returns the difference that is left when patience is over. */
async function finalDifference(): Promise<number> {
  let difference = Number.NaN
  for (const giveUp = performance.now() + 3 * PATIENCE_MS; performance.now() < giveUp && difference !== 0; ) {
    await applyAll()
    const { rows } = await pool.query<{ key: bigint; value: number }>(
      `select author_id as key, count(*)::int as value from article where status = 2 group by 1`,
    )
    const countOf = await redisCounters({ db, redis, log: silentLog }).read(
      ['reader.articles'],
      rows.map(row => row.key),
    )
    difference = rows.reduce((sum, row) => sum + Math.abs(countOf(row.key, 'reader.articles') - row.value), 0)
  }
  return difference
}

test('articles published while counts are reconciled are all counted', { skip }, async () => {
  await publish(1, 2_000)
  const reconciler = createReconciler({ pool, redis, log: silentLog })
  let done = false
  let next = 10_001
  const publishing = (async () => {
    for (; !done; next += 5) await publish(next, 5)
  })()
  const applying = (async () => {
    while (!done) await applyAll()
  })()
  const drifts: number[] = []
  for (let round = 0; round < 5; round++)
    for (const report of await reconciler.reconcile(['reader.articles'])) drifts.push((report as ReconcileReport).drift)
  done = true
  await Promise.all([publishing, applying])
  assert.ok(next > 10_050, `only ${next - 10_001} published meanwhile`)
  assert.equal(await finalDifference(), 0)
  assert.deepEqual(drifts, [0, 0, 0, 0, 0], 'none of it was reported as drift')
})

test('the counts of an empty table are reconciled like any other, and so are those after it', { skip }, async () => {
  const [empty, next] = ['article.collections', 'reader.articles'] as const
  assert.equal((await pool.query('select from collection')).rowCount, 0)
  await server.send('HINCRBY', shardKey(empty, shardOf(7n)), '7', '99')
  await server.send('HINCRBY', shardKey(next, shardOf(7n)), '7', '99')
  const reports = (await createReconciler({ pool, redis, log: silentLog }).reconcile([empty, next])) as ReconcileReport[]
  assert.deepEqual(
    reports.map(({ kind, drift }) => [kind, drift]),
    [
      [empty, 99],
      [next, 99],
    ],
  )
  assert.equal(Number((await server.send('HGET', shardKey(empty, shardOf(7n)), '7')) ?? 0), 0)
  assert.equal(await finalDifference(), 0)
})

test('while counts are reconciled, no command to Redis carries more than a few hundred counts', {
  skip,
}, async t => {
  await pool.query(`create table tally (key bigint); select declare_counts('tally', 'select ''article.shares'' kind, key, 1 d from rows')`)
  longestCommand = 0
  // All in one shard, in transactions as small as the product's.
  for (let first = 1; first < 10_000; first += 500)
    await pool.query('insert into tally select g * 1000003::bigint from generate_series($1::int, $2::int) g', [first, first + 499])
  await waitForLog({ db })
  await applyAll()
  await server.send('SLOWLOG', 'RESET')
  // Once with nothing to correct, once with every shard to rebuild.
  await createReconciler({ pool, redis, log: silentLog }).reconcile(['article.shares'])
  await server.send('FLUSHALL')
  const [report] = (await createReconciler({ pool, redis, log: silentLog }).reconcile(['article.shares'])) as [ReconcileReport]
  assert.deepEqual([report.checked, report.drift, report.repaired], [10_000, 0, 256])
  assert.ok(longestCommand > 900 && longestCommand <= 2_020, `a command of ${longestCommand} words`)
  // How long a command blocks Redis depends on what else the machine does: bench/counters.ts measures it.
  const slow = await server.send<[number, number, number, string[]][]>('SLOWLOG', 'GET', '10')
  t.diagnostic(`over ten milliseconds: ${slow.map(entry => `${entry[3][0]} ${entry[2]} µs`).join(', ') || 'none'}`)
  await applyAll()
})

test('a job that is requested once runs once, with any number of workers', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-workers-'))
  // Counts the effects of the job, not its log: each run writes a report for each kind.
  await pool.query(`create table ran (kind text);
    create function note_ran() returns trigger language plpgsql as $$ begin insert into ran values (new.kind); return new; end $$;
    create trigger note_ran after insert or update on reconcile_report for each row execute function note_ran()`)
  const env = { DATABASE_URL: url, PORT: '0', GRPC_PORT: '0', DEMO: '0', ROLES: 'worker' }
  const workers = await Promise.all(
    [1, 2, 3, 4].map(n => createApp(readConfig({ ...env, DATA_DIR: join(folder, String(n)) }), { log: silentLog, drainNoticeMs: 0 })),
  )
  try {
    const jobs = createJobControl({ db, zone: 'Asia/Shanghai' })
    const slot = await jobs.requestRun('fix-statistics')
    const run = await jobs.waitForRun('fix-statistics', slot, 3 * PATIENCE_MS)
    assert.deepEqual([run.state, run.outcome, run.attempt], ['ended', 'done', 1])
    await pause(500)
    const { rows } = await pool.query(`select kind, count(*)::int as times from ran group by kind`)
    assert.deepEqual(
      rows.toSorted((a, b) => (a.kind < b.kind ? -1 : 1)),
      COUNTER_KINDS.toSorted().map(kind => ({ kind, times: 1 })),
    )
  } finally {
    await Promise.all(workers.map(worker => worker.close()))
    await rm(folder, { recursive: true, force: true })
  }
})

test('every imported file exists, in exactly that spelling', () => {
  const missing: string[] = []
  for (const file of globSync('{src,bench,test}/**/*.ts', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, lazy, eager] of text.matchAll(/(?:import\('(\.[^']+)'\)|^(?:import|export)\b[^;'"]*?from '(\.[^']+)')/gm)) {
      const to = join(root, dirname(file), (lazy ?? eager) as string)
      // Some file systems ignore case when they open a file; the folder's listing does not.
      if (!existsSync(dirname(to)) || !readdirSync(dirname(to)).includes(to.slice(dirname(to).length + 1)))
        missing.push(`${file} → ${lazy ?? eager}`)
    }
  }
  assert.deepEqual(missing, [])
})

test('libraries are pinned to exact versions, and every count can be reconciled with them', { skip }, async () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    ([, version]) => !/^(npm:[\w./@-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version as string),
  )
  assert.deepEqual(loose, [])
  const reports = (await createReconciler({ pool, redis, log: silentLog }).reconcile()) as ReconcileReport[]
  assert.deepEqual(
    reports.map(report => report.kind),
    [...COUNTER_KINDS],
  )
  for (const report of reports) assert.deepEqual([report.drift, 'error' in report], [0, false], report.kind)
  assert.ok(reports.some(report => report.checked > 1_000))
  assert.equal((await tableCounters(db).read(['article.shares'], [5_000_015n]))(5_000_015n, 'article.shares'), 1)
})
