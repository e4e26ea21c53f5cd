// Reconciling is killed at every step, and runs beside five hundred changes a second.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { silentLog } from '../../../src/base/log.ts'
import { createReconciler, type ReconcileReport } from '../../../src/engines/counters/reconcile.ts'
import { createApplier } from '../../../src/engines/counters/redis/applier.ts'
import { FRESH_KEY, shardKey, shardOf } from '../../../src/engines/counters/redis/keys.ts'
import { cleanup } from '../../support/cleanup.ts'
import { testDatabase } from '../../support/database.ts'
import { connectRedis, startRedis } from '../../support/redis.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'

const KIND = 'article.likes'

/** As many counts of one kind as asked for, declared on a table of their own, with an applier that runs all the time. */
async function startWorld(counts: number) {
  const { db, pool, url } = await testDatabase()
  await pool.query(`create table tally (kind text, key bigint, n int); select declare_counts('tally', 'select kind, key, n d from rows')`)
  for (let from = 0; from < counts; from += 20_000)
    await pool.query(
      `insert into tally select '${KIND}', g, 1 + g % 5 from generate_series(${from + 1}, ${Math.min(counts, from + 20_000)}) g`,
    )
  const server = await startRedis('--slowlog-log-slower-than', '10000', '--slowlog-max-len', '1000')
  const redis = await connectRedis(server.url)
  const applier = createApplier({ db, pool, redis, log: silentLog, settleMs: 0 })
  let over = false
  let failed: Error | undefined
  const applying = (async () => {
    while (!over) {
      await applier.tick().catch(err => {
        failed = err
      })
      await pause(50)
    }
    await applier.close()
  })()
  cleanup(async () => {
    over = true
    await applying
  })
  const untilFresh = async () => {
    const state = async () => ({ missing: applier.missingShards(), fresh: await server.send('GET', FRESH_KEY), failed })
    await eventually(state, ({ missing, fresh }) => missing === 0 && Boolean(fresh), 3 * PATIENCE_MS)
  }
  await untilFresh()
  return { db, pool, url, server, redis, untilFresh, reconciler: createReconciler({ pool, redis, log: silentLog }) }
}

/** Kills a reconcile at `points` of its commands, spread over all of them. */
export async function runKilledReconciles({ counts, points }: { counts: number; points: number }) {
  const { pool, url, server, untilFresh, reconciler } = await startWorld(counts)
  const run = async (nth: number) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'process.ts'), url, server.url, String(nth)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', piece => {
      output += piece
    })
    const [, signal] = await once(child, 'close')
    return { signal: signal as string | null, report: output ? (JSON.parse(output) as ReconcileReport & { commands: number }) : undefined }
  }
  /** Breaks what a run has to correct: one shard is missing, one has drifted, one is corrupt, and a count in PostgreSQL is wrong. */
  async function damage(): Promise<void> {
    // Each in a third of the ids of its own: a shard that is still corrupt after a kill takes no increment.
    const third = Math.floor(counts / 3)
    const ids = [0, 1, 2].map(part => BigInt(1 + part * third + Math.floor(Math.random() * third)))
    const [missing, drifted, corrupt] = ids.map(id => shardKey(KIND, shardOf(id))) as [string, string, string]
    await server.send('DEL', missing)
    const where = (command: string) => `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('${command}', KEYS[1], ARGV[1], ARGV[2]) end`
    await server.send('EVAL', where('HINCRBY'), '1', drifted, String(ids[1]), '7')
    await server.send('EVAL', where('HSET'), '1', corrupt, String(ids[2]), 'many')
    await pool.query(`insert into counter_delta (kind, key, d) values ('${KIND}', ${ids[0]}, 3)`)
  }
  await damage()
  const complete = await run(0)
  const commands = complete.report?.commands ?? 0
  assert.ok(commands > 4, `${commands} commands`)
  let kills = 0
  for (let point = 0; point < points; point++) {
    await damage()
    const nth = 1 + Math.floor((point + Math.random()) * (commands / points))
    const { signal } = await run(nth)
    if (signal === 'SIGKILL') kills++
    await pool.query(`insert into tally values ('${KIND}', ${1 + (point % counts)}, 1)`)
    // A shard is complete or missing.
    for (const key of await server.send<string[]>('KEYS', `bs:{count:${KIND}:*`)) {
      if (key.includes(':new:')) assert.ok(Number(await server.send('PTTL', key)) > 0, `${key} expires`)
      else if (!(await server.send('HGET', key, '_w'))) assert.fail(`${key} is incomplete`)
    }
  }
  const [last] = (await reconciler.reconcile([KIND])) as [ReconcileReport]
  assert.ok(!('error' in last), JSON.stringify(last))
  await untilFresh()
  await pause(300)
  const [report] = (await reconciler.reconcile([KIND])) as [ReconcileReport]
  assert.deepEqual([report.drift, report.repaired, report.checked], [0, 0, counts])
  return { commands, kills }
}

export async function runReconcilesUnderLoad({ counts, rounds, perSecond }: { counts: number; rounds: number; perSecond: number }) {
  const { pool, server, reconciler } = await startWorld(counts)
  let over = false
  let increments = 0
  const startedAt = performance.now()
  const writing = (async () => {
    while (!over) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond) - increments
      if (due > 0) {
        // Each in its own transaction, as those of readers are.
        await Promise.all(
          Array.from({ length: Math.min(due, 10) }, () =>
            pool.query(`insert into tally values ('${KIND}', ${1 + Math.floor(Math.random() * counts)}, 1)`),
          ),
        )
        increments += Math.min(due, 10)
      } else await pause(2)
    }
  })()
  await server.send('SLOWLOG', 'RESET')
  const reports: ReconcileReport[] = []
  for (let round = 0; round < rounds; round++) reports.push(...((await reconciler.reconcile([KIND])) as ReconcileReport[]))
  const seconds = (performance.now() - startedAt) / 1000
  over = true
  await writing
  assert.deepEqual(
    reports.map(report => [report.drift, report.repaired]),
    reports.map(() => [0, 0]),
  )
  const slow = await server.send<[number, number, number, string[]][]>('SLOWLOG', 'GET', '1000')
  return {
    rounds: reports.length,
    perSecond: Math.round(increments / seconds),
    longestMs: Math.max(0, ...slow.map(entry => entry[2] / 1000)),
    slow: slow.length,
    secondsEach: Number((reports.reduce((sum, one) => sum + one.seconds, 0) / reports.length).toFixed(2)),
  }
}
