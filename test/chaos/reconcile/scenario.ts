// Reconciling while it is killed at every step, and while five hundred counts a second move. For tests: a few in every run,
// many in test/chaos.

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

/** Counts of one kind, as many as asked for, kept in the rows of a table of its own; with somebody who applies. */
async function world(counts: number) {
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
  const whole = async () => {
    const state = async () => ({ missing: applier.missingShards(), fresh: await server.send('GET', FRESH_KEY), failed })
    await eventually(state, ({ missing, fresh }) => missing === 0 && Boolean(fresh), 3 * PATIENCE_MS)
  }
  await whole()
  return { db, pool, url, server, redis, whole, fix: createReconciler({ pool, redis, log: silentLog }) }
}

/** Some words of a run, spread over all of them, or all. */
export async function killedReconciles({ counts, points }: { counts: number; points: number }) {
  const { pool, url, server, whole, fix } = await world(counts)
  const run = async (nth: number) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'reconcile-process.ts'), url, server.url, String(nth)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', piece => {
      said += piece
    })
    const [, signal] = await once(child, 'close')
    return { signal: signal as string | null, report: said ? (JSON.parse(said) as ReconcileReport & { words: number }) : undefined }
  }
  /** Breaks what a run has to put right: a shard is gone, one has drifted, one holds garbage, a count of the rows is wrong. */
  async function harm(): Promise<void> {
    // Each in a third of its own: what was garbage before, and is so still after a kill, cannot be added to.
    const third = Math.floor(counts / 3)
    const ids = [0, 1, 2].map(part => BigInt(1 + part * third + Math.floor(Math.random() * third)))
    const [gone, drifted, garbage] = ids.map(id => shardKey(KIND, shardOf(id))) as [string, string, string]
    await server.send('DEL', gone)
    const where = (command: string) => `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('${command}', KEYS[1], ARGV[1], ARGV[2]) end`
    await server.send('EVAL', where('HINCRBY'), '1', drifted, String(ids[1]), '7')
    await server.send('EVAL', where('HSET'), '1', garbage, String(ids[2]), 'many')
    await pool.query(`insert into counter_delta (kind, key, d) values ('${KIND}', ${ids[0]}, 3)`)
  }
  await harm()
  const complete = await run(0)
  const words = complete.report?.words ?? 0
  assert.ok(words > 4, `${words} words`)
  let kills = 0
  for (let point = 0; point < points; point++) {
    await harm()
    const nth = 1 + Math.floor((point + Math.random()) * (words / points))
    const { signal } = await run(nth)
    if (signal === 'SIGKILL') kills++
    await pool.query(`insert into tally values ('${KIND}', ${1 + (point % counts)}, 1)`)
    // No shard is ever there in part: each is of one piece, or not there.
    for (const key of await server.send<string[]>('KEYS', `bs:{count:${KIND}:*`)) {
      if (key.includes(':new:')) assert.ok(Number(await server.send('PTTL', key)) > 0, `${key} goes by itself`)
      else if (!(await server.send('HGET', key, '_w'))) assert.fail(`${key} is there in part`)
    }
  }
  const [last] = (await fix.reconcile([KIND])) as [ReconcileReport]
  assert.ok(!('error' in last), JSON.stringify(last))
  await whole()
  await pause(300)
  const [report] = (await fix.reconcile([KIND])) as [ReconcileReport]
  assert.deepEqual([report.drift, report.repaired, report.checked], [0, 0, counts])
  return { words, kills }
}

export async function reconcilesUnderLoad({ counts, rounds, perSecond }: { counts: number; rounds: number; perSecond: number }) {
  const { pool, server, fix } = await world(counts)
  let over = false
  let increments = 0
  const began = performance.now()
  const writing = (async () => {
    while (!over) {
      const due = Math.floor(((performance.now() - began) / 1000) * perSecond) - increments
      if (due > 0) {
        // Each its own transaction, as readers' are; a few at a time.
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
  for (let round = 0; round < rounds; round++) reports.push(...((await fix.reconcile([KIND])) as ReconcileReport[]))
  const seconds = (performance.now() - began) / 1000
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
