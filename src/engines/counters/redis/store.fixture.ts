// A store for tests: a database, a Redis of its own and an applier, with ways to write counts, to break things and to wait until
// all is consistent again. Before each test every id has three likes in both.

import assert from 'node:assert/strict'
import { beforeEach } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { cleanup } from '../../../../test/support/cleanup.ts'
import { findWrongCounterFields } from '../../../../test/support/counter-fields.ts'
import { testDatabase } from '../../../../test/support/database.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../../test/support/redis.ts'
import { eventually, PATIENCE_MS } from '../../../../test/support/waiting.ts'
import type { ReaderId } from '../../../base/id.ts'
import { silentLog } from '../../../base/log.ts'
import { createMetrics } from '../../../base/metrics.ts'
import type { Viewer } from '../../../base/viewer.ts'
import type { Redis } from '../../redis/redis.ts'
import { foldCounters } from '../fold.ts'
import { createApplier } from './applier.ts'
import { removeConsumer } from './consumer.sql.ts'
import { FRESH_KEY, LEASE_KEY, shardKey, shardOf } from './keys.ts'
import { redisCounters } from './read.ts'

export const IDS = Array.from({ length: 40 }, (_, i) => 2n ** 60n + BigInt(i) * 2n ** 22n)
export const [ONE, TWO] = IDS as [bigint, bigint]
export const SHARD_OF_ONE = shardKey('article.likes', shardOf(ONE))
export const ALICE: Viewer = { kind: 'reader', id: 5n as ReaderId }

/** `deltasMax`: how many deltas the applier reads at once. */
export async function openStore(deltasMax?: number) {
  const database = await testDatabase()
  const { db, pool, url } = database
  const server = NO_REDIS ? (undefined as never) : await startRedis()
  const redis = NO_REDIS ? (undefined as never) : await connectRedis(server.url)
  const ask = <T = string>(...command: string[]) => server.send<T>(...command)
  const clock = { now: Date.now() }
  /** How many shards were rebuilt, by reason. */
  const rebuilds = new Map<string, number>()

  const newApplier = (over: Redis = redis, rebuildPool = pool) =>
    createApplier({
      db,
      pool: rebuildPool,
      redis: over,
      log: silentLog,
      settleMs: 0,
      deltasMax,
      clock: () => clock.now,
      onRebuild: (reason, shards) => void rebuilds.set(reason, (rebuilds.get(reason) ?? 0) + shards),
    })
  const applier = newApplier()
  cleanup(() => applier.close())
  const metrics = createMetrics()
  const counters = redisCounters({ db, redis, log: silentLog, metrics })
  const readsFrom = async (from: string) =>
    Number(new RegExp(`counter_reads_total{from="${from}"} (\\d+)`).exec(await metrics.text())?.[1] ?? 0)

  // Each row counts as much as it says, so that few rows make large counts.
  await pool.query(`create table tally (kind text, key bigint, n int); select declare_counts('tally', 'select kind, key, n d from rows')`)
  const add = (n: number, ids: readonly bigint[] = [ONE], kind = 'article.likes') =>
    pool.query(`insert into tally (kind, key, n) select $1, key, $2 from unnest($3::bigint[]) key`, [kind, n, ids.map(String)])
  const likesIn = async (from: typeof counters, id = ONE, viewer?: Viewer) =>
    (await from.read(['article.likes'], [id], viewer))(id, 'article.likes')
  const likes = (id = ONE, viewer?: Viewer) => likesIn(counters, id, viewer)
  /** As a process sees it that has just been started. */
  const likesInNewProcess = () => likesIn(redisCounters({ db, redis, log: silentLog }))

  const currentXid = async () => (await pool.query<{ xid: string }>('select pg_current_xact_id()::text as xid')).rows[0]?.xid ?? '0'
  const freshWatermark = async () => BigInt(String(await ask('GET', FRESH_KEY)).split(' ')[1] ?? 0)

  async function readFromStoreOnly(): Promise<boolean> {
    const [store, rows] = [await readsFrom('store'), await readsFrom('rows')]
    await counters.read(['article.likes'], IDS)
    return (await readsFrom('store')) > store && (await readsFrom('rows')) === rows
  }

  /** Ticks until no shard is missing, and reads come from a store that contains all that is committed now. */
  async function settle(by = applier): Promise<void> {
    const committed = BigInt(await currentXid())
    for (const giveUp = performance.now() + 9 * PATIENCE_MS; performance.now() < giveUp; await sleep(10)) {
      clock.now = Date.now()
      await by.tick().catch(() => {})
      if (by.missingShards() === 0 && (await freshWatermark()) > committed && (await readFromStoreOnly())) return
    }
    throw new Error('the store does not settle')
  }

  /** Ticks until the checkpoint is there and includes all that is committed now: another test's open transaction holds it back. */
  async function tickUntilFresh(by: typeof applier): Promise<void> {
    const committed = BigInt(await currentXid())
    await eventually(
      async () => {
        clock.now = Date.now()
        await by.tick()
        return (await ask('GET', FRESH_KEY)) === null ? 0n : freshWatermark()
      },
      watermark => watermark > committed,
    )
  }

  /** The store has what the database has, field by field. */
  async function assertExact(): Promise<void> {
    assert.deepEqual(await findWrongCounterFields(db, redis), [])
  }

  /** On a busy machine a rebuild may be interrupted and done again; then shards are missing as well. */
  function assertRebuilt(reason: string, shards: number): void {
    assert.deepEqual(
      [...rebuilds.keys()].filter(one => one !== reason && one !== 'missing'),
      [],
    )
    assert.ok((rebuilds.get(reason) ?? 0) >= shards, JSON.stringify([...rebuilds]))
  }

  async function foldAll(): Promise<void> {
    while ((await foldCounters(db)) > 0);
  }

  async function begin(): Promise<void> {
    await add(3, IDS)
    await add(1, IDS.slice(0, 7), 'article.collections')
    await settle()
    rebuilds.clear()
  }

  /** Runs `work` with an applier that cannot rebuild: its only connection for that is taken. */
  async function withoutRebuilding<T>(work: (by: typeof applier) => Promise<T>, over: Redis = redis): Promise<T> {
    const rebuildPool = new pg.Pool({ connectionString: url, max: 1 })
    const held = await rebuildPool.connect()
    const by = newApplier(over, rebuildPool)
    try {
      await ask('DEL', LEASE_KEY, FRESH_KEY)
      return await work(by)
    } finally {
      held.release()
      await by.close()
      await rebuildPool.end()
      await ask('DEL', LEASE_KEY)
    }
  }

  beforeEach(async () => {
    if (NO_REDIS) return
    await pool.query('delete from tally') // and the store follows, as it does in a life: rebuilding it takes a second
    await begin()
  })

  return {
    ...database,
    server,
    redis,
    ask,
    clock,
    rebuilds,
    applier,
    newApplier,
    counters,
    add,
    likes,
    likesIn,
    likesInNewProcess,
    currentXid,
    freshWatermark,
    settle,
    tickUntilFresh,
    assertExact,
    assertRebuilt,
    foldAll,
    withoutRebuilding,

    /** For a test that needs to know all that has happened before. */
    async startEmpty(): Promise<void> {
      await pool.query('delete from tally; delete from counter; delete from counter_delta')
      await ask('FLUSHALL')
      await begin()
    },

    async restartRedis(): Promise<void> {
      await server.kill()
      await server.start()
      await redis.connected(PATIENCE_MS)
    },

    /** Redis comes back with what it had some minutes ago, and the deltas since then are folded. */
    async loseMoreThanTheLog(): Promise<void> {
      await ask('SAVE')
      await add(5, IDS)
      await settle()
      await removeConsumer(db) // as some minutes without an applier do
      await foldAll()
      await server.kill()
      await server.start()
      await redis.connected(PATIENCE_MS)
    },
  }
}
