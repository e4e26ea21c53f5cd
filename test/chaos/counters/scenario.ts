// Readers act on several servers while servers are killed, Redis is killed and set back, and Redis is emptied. Rows, counts and
// what readers see must agree with what was acknowledged.

import assert from 'node:assert/strict'
import { silentLog } from '../../../src/base/log.ts'
import { COUNTER_KINDS } from '../../../src/engines/counters/counters.ts'
import { createReconciler, type ReconcileReport } from '../../../src/engines/counters/reconcile.ts'
import { findWrongCounterFields } from '../../support/counter-fields.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { connectRedis, startRedis } from '../../support/redis.ts'
import { pause } from '../../support/waiting.ts'
import { createReaders } from './readers.ts'
import { startServerPool } from './server-pool.ts'

export interface CounterChaos {
  servers: number
  readers: number
  /** How often each trouble happens. */
  kills: number
  rollbacks: number
  flushes: number
  /** The mean pause between two troubles. */
  restMs: number
  /** The longest pause between two actions of a reader. */
  paceMs: number
  /** How far counts may be behind. */
  behindMs: number
  /** How long after each trouble all counts must agree. */
  settleMs: { kill: number; rollback: number; flush: number }
}

export async function runCounterChaos({ restMs, paceMs, behindMs, settleMs, ...options }: CounterChaos) {
  const { db, pool, url } = await testDatabase()
  const server = await startRedis()
  const servers = await startServerPool({ size: options.servers, databaseUrl: url, redisUrl: server.url })
  const world = await createReaders({ request: servers.request, pool, readerCount: options.readers, paceMs })
  const growth = world.createGrowth()
  const redis = await connectRedis(server.url)
  const reconciler = createReconciler({ pool, redis, log: silentLog })
  const figures = { kills: 0, rollbacks: 0, flushes: 0, longestSettleMs: 0 }

  /** Waits until rows, counts and Redis agree, and no shard is missing. */
  async function untilConsistent(limitMs: number): Promise<void> {
    const startedAt = performance.now()
    for (;;) {
      await redis.connected(1_000)
      const reports = (await reconciler.reconcile(COUNTER_KINDS, { correctDrift: false })) as ReconcileReport[]
      const off = reports.find(report => 'error' in report || report.drift !== 0 || report.unusable !== 0)
      if (!off) break
      assert.ok(performance.now() - startedAt < limitMs, `after ${limitMs} ms: ${JSON.stringify(off)}`)
      await pause(300) // a comparison costs as much
    }
    figures.longestSettleMs = Math.max(figures.longestSettleMs, Math.round(performance.now() - startedAt))
  }

  const troubles = {
    async kill(n: number) {
      await servers.killAndRestart(n % options.servers)
      figures.kills++
    },
    async rollback() {
      await server.send('SAVE')
      await pause(restMs)
      await server.kill()
      await server.start()
      figures.rollbacks++
      await untilConsistent(settleMs.rollback)
    },
    async flush() {
      await server.send('FLUSHALL')
      figures.flushes++
      await untilConsistent(settleMs.flush)
    },
  }

  await untilConsistent(settleMs.kill)
  let over = false
  const checkGrowth = async () => {
    for (; !over; await pause(paceMs / 2)) await growth.check(behindMs)
  }
  const load = [
    ...world.readers.map(async reader => {
      while (!over) await world.act(reader)
    }),
    growth.grow(() => over, restMs / 4),
    checkGrowth(),
    checkGrowth(),
  ]
  for (const [i, trouble] of mixed(options).entries()) {
    await pause(restMs * (0.5 + Math.random()))
    await troubles[trouble](i)
  }
  await untilConsistent(settleMs.kill) // under load
  over = true
  await Promise.all(load)
  await untilConsistent(settleMs.kill)
  // The reconciler could be wrong in the same way as what it checks, so fields are compared one by one as well.
  for (const startedAt = performance.now(); ; await pause(100)) {
    const off = await findWrongCounterFields(db, redis)
    if (off.length === 0) break
    assert.ok(performance.now() - startedAt < settleMs.kill, off.slice(0, 10).join('\n'))
  }
  await checkLedger(db, world, growth)
  assert.deepEqual([...new Set([...servers.failures, ...world.wrong])].slice(0, 10), [])
  assert.deepEqual(await servers.stop(), Array(options.servers).fill(0))
  return { ...servers.figures, ...figures, looks: world.looks() }
}

type Trouble = 'kill' | 'rollback' | 'flush'

/** The troubles, spread over the run. */
function mixed({ kills, rollbacks, flushes }: Pick<CounterChaos, 'kills' | 'rollbacks' | 'flushes'>): Trouble[] {
  const all: Trouble[] = [...Array(kills).fill('kill'), ...Array(rollbacks).fill('rollback'), ...Array(flushes).fill('flush')]
  return all
    .map((trouble, n) => ({ trouble, place: (n * 7) % all.length }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ trouble }) => trouble)
}

type World = Awaited<ReturnType<typeof createReaders>>

/** Each row is there or gone as was acknowledged, and shown so. */
async function checkLedger(db: TestDatabase['db'], world: World, growth: ReturnType<World['createGrowth']>): Promise<void> {
  const { wrong } = world
  const attitudes = await db.selectFrom('attitude').select(['reader_id', 'article_id']).execute()
  const likes = new Set(attitudes.map(row => `${row.reader_id} ${row.article_id}`))
  const followings = await db.selectFrom('following').select('reader_id').execute()
  const follows = new Set<bigint>(followings.map(row => row.reader_id))
  for (const { id, ownArticle, ...marks } of world.readers) {
    if (marks.likes !== 'in doubt' && likes.has(`${id} ${ownArticle}`) !== (marks.likes === 'there')) wrong.push(`a like of ${id} is lost`)
    if (marks.follows !== 'in doubt' && follows.has(id) !== (marks.follows === 'there')) wrong.push(`a following of ${id} is lost`)
  }
  growth.checkRows([...likes].filter(key => key.endsWith(` ${world.growingArticle}`)).length)
  for (const reader of world.readers) {
    const shown = await world.likesShown(reader, reader.ownArticle)
    if (shown !== (likes.has(`${reader.id} ${reader.ownArticle}`) ? 1 : 0)) wrong.push(`in the end ${shown} likes of ${reader.ownArticle}`)
  }
}
