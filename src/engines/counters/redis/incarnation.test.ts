// The Redis engine beside a PostgreSQL that crashes, is promoted, or comes from another server.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { cleanup } from '../../../../test/support/cleanup.ts'
import { findWrongCounterFields } from '../../../../test/support/counter-fields.ts'
import { testDatabase } from '../../../../test/support/database.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../../test/support/redis.ts'
import { copyDataFolder } from '../../../../test/support/server-process.ts'
import { eventually, PATIENCE_MS, retryUntilDone } from '../../../../test/support/waiting.ts'
import { silentLog } from '../../../base/log.ts'
import { openDatabase } from '../../database/database.ts'
import { consumeChanges } from '../../log/change-log.ts'
import { adoptLogs } from '../../log/incarnation.sql.ts'
import { startPostgres } from '../../postgres/embedded-postgres.ts'
import { createApplier } from './applier.ts'
import { FRESH_KEY } from './keys.ts'
import { redisCounters } from './read.ts'
import { parseFreshness } from './values.ts'

test('a count is right if PostgreSQL gives out a transaction id again after a crash', { skip: NO_REDIS }, async t => {
  const postgres = await startPostgres({ dataDir: await copyDataFolder({ after: cleanup }), log: silentLog })
  t.after(() => postgres.stop())
  const { db, pool, close } = openDatabase({ url: postgres.url, name: 'test', log: silentLog })
  t.after(close)
  await pool.query(`alter system set wal_writer_delay = '10s'`) // so that the rollback is not on disk by chance
  await pool.query('select pg_reload_conf()')
  const redis = await connectRedis((await startRedis()).url)
  const applier = createApplier({ db, pool, redis, log: silentLog, settleMs: 0 })
  t.after(() => applier.close())
  await pool.query(
    `create table tally (key bigint, n int); select declare_counts('tally', 'select ''article.likes'' as kind, key, n d from rows')`,
  )
  const add = async (d: number, end: 'commit' | 'rollback') => {
    const client = await pool.connect()
    await client.query('begin')
    const { rows } = await client.query<{ xid: string }>(
      `insert into tally (key, n) values (1, $1) returning pg_current_xact_id() as xid`,
      [d],
    )
    await client.query(end)
    client.release()
    return rows[0]?.xid as string
  }
  /** Until the shards contain a transaction and all before it. */
  const untilApplied = (xid: string) =>
    eventually(
      async () => {
        await applier.tick().catch(() => {})
        return applier.missingShards() === 0 && BigInt(parseFreshness(await redis.send(['GET', FRESH_KEY]))?.watermark ?? 0) > BigInt(xid)
      },
      yes => yes,
      3 * PATIENCE_MS,
    )

  await untilApplied(await add(3, 'commit'))
  // If another commit wrote the rollback to disk, the id is not given out again, and the next round tries.
  for (let round = 1, reused = false; !reused && round <= 5; round++) {
    const rolledBack = await add(1, 'rollback')
    await untilApplied(rolledBack)
    const { pid } = postgres
    process.kill(pid, 'SIGKILL')
    await eventually(
      () => postgres.pid,
      now => now !== pid,
      3 * PATIENCE_MS,
    )
    const written = await retryUntilDone(() => add(1, 'commit'), 3 * PATIENCE_MS)
    await untilApplied(written)
    const counters = redisCounters({ db, redis, log: silentLog })
    assert.equal((await counters.read(['article.likes'], [1n]))(1n, 'article.likes'), 3 + round)
    reused = BigInt(written) <= BigInt(rolledBack)
    t.diagnostic(`round ${round}: the id was ${reused ? '' : 'not '}given out again`)
  }
  // Freshness from before the crash may last for a second more.
  await eventually(
    async () => (await applier.tick(), findWrongCounterFields(db, redis)),
    off => off.length === 0,
  )
})

test('counts and consumers of the log go on in a database dumped on another server', { skip: NO_REDIS }, async t => {
  const { db, pool } = await testDatabase()
  const redis = await connectRedis((await startRedis()).url)
  await pool.query(
    `create table tally (key bigint, n int); select declare_counts('tally', 'select ''article.likes'' as kind, key, n d from rows')`,
  )
  await pool.query('insert into tally values (1, 3)')
  // As in a dump: rows with ids of a server that is a million transactions ahead.
  await pool.query(`update counter_delta set xid = (xid::text::bigint + 1000000)::text::xid8`)
  await pool.query(`insert into change (xid, topic, key) select (pg_current_xact_id()::text::bigint + 1000000)::text::xid8, 'article', 1`)
  await pool.query(`update log_floor set xid = (pg_current_xact_id()::text::bigint + 1000)::text::xid8 where log = 'change'`)
  await pool.query(
    `insert into log_consumer (log, name, xid) select 'counter_delta', 'redis', (pg_current_xact_id()::text::bigint + 1000000)::text::xid8`,
  )
  assert.equal(await adoptLogs(db), true)
  assert.equal(await adoptLogs(db), false)
  let gaps = 0
  const consumer = await consumeChanges(db, 'test', {
    onChanges: () => {},
    onGap: () => void assert.ok(++gaps < 10, 'a gap again and again'),
  })
  await consumer.catchUp()
  const applier = createApplier({ db, pool, redis, log: silentLog, settleMs: 0 })
  t.after(() => applier.close())
  await eventually(
    async () => {
      await applier.tick()
      return applier.missingShards() === 0 && parseFreshness(await redis.send(['GET', FRESH_KEY]))
    },
    fresh => !!fresh,
    3 * PATIENCE_MS,
  )
  await pool.query('insert into tally values (1, 1)')
  const counters = redisCounters({ db, redis, log: silentLog })
  await eventually(
    async () => {
      await applier.tick()
      return (await counters.read(['article.likes'], [1n]))(1n, 'article.likes')
    },
    likes => likes === 4,
  )
  await eventually(
    async () => (await applier.tick(), findWrongCounterFields(db, redis)),
    off => off.length === 0,
  )
})

test('a promoted PostgreSQL is another incarnation from its first moment', async t => {
  const dataDir = await copyDataFolder({ after: cleanup })
  const first = await startPostgres({ dataDir, log: silentLog })
  t.after(() => first.stop())
  const opened = openDatabase({ url: first.url, name: 'test', log: silentLog })
  const incarnation = async (pool = opened.pool) =>
    (await pool.query<{ incarnation: string }>('select counter_epoch() as incarnation')).rows[0]?.incarnation
  const before = await incarnation()
  await opened.close()
  await first.stop()
  await writeFile(join(dataDir, 'postgres', 'standby.signal'), '')

  const second = await startPostgres({ dataDir, log: silentLog })
  t.after(() => second.stop())
  const { pool, close } = openDatabase({ url: second.url, name: 'test', log: silentLog })
  t.after(close)
  const { rows } = await pool.query<{ pid: number }>(`select pid from pg_stat_activity where backend_type = 'checkpointer'`)
  const checkpointer = rows[0]?.pid as number
  process.kill(checkpointer, 'SIGSTOP') // as if it had much to write
  try {
    await pool.query('select pg_promote()')
    assert.notEqual(await incarnation(pool), before)
  } finally {
    process.kill(checkpointer, 'SIGCONT')
  }
})
