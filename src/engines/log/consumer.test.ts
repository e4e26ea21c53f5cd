import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { createMetrics } from '../../base/metrics.ts'
import { CHANGE_COLUMNS, deleteOldChanges, type LoggedChange } from './change-log.ts'
import { type ConsumerNeeds, createConsumer } from './consumer.ts'
import { createLagMetric } from './lag.ts'
import { readEndPosition } from './log-rows.sql.ts'
import { oldestWriterSeconds } from './oldest-writer.sql.ts'

const { db, pool } = await testDatabase()

let nextId = 1n
/** A reader's row is one change. */
async function insertReader(): Promise<bigint> {
  const id = nextId++
  await pool.query(`insert into reader (id, name) values (${id}, 'reader ${id}')`)
  return id
}

const consume = (read: bigint[], more: Partial<ConsumerNeeds<LoggedChange>> = {}) =>
  createConsumer<LoggedChange>({
    db,
    log: 'change',
    name: 'one',
    columns: CHANGE_COLUMNS,
    onRows: rows => void read.push(...rows.map(row => row.key)),
    onGap: () => assert.fail('no change was missed'),
    ...more,
  })

async function countChangesOf(key: bigint): Promise<number> {
  return (await db.selectFrom('change').select('seq').where('key', '=', key).execute()).length
}

/** Catches up until `done`: transactions of other tests hold the end of the log back for moments. */
async function catchUpUntil(consumer: { catchUp(): Promise<void> }, done: () => boolean): Promise<void> {
  await eventually(
    async () => done() || (await consumer.catchUp(), done()),
    met => met,
  )
}

test('a consumer that throws gets the same rows again', async () => {
  const read: bigint[] = []
  let failing = true
  const onRows = (rows: LoggedChange[]) => {
    if (failing) throw new Error('not now')
    read.push(...rows.map(row => row.key))
  }
  const consumer = await consume([], { onRows })
  const [a, b] = [await insertReader(), await insertReader()]
  await assert.rejects(
    catchUpUntil(consumer, () => false),
    /not now/,
  )
  failing = false
  await catchUpUntil(consumer, () => read.length >= 2)
  assert.deepEqual(read, [a, b])
})

test('changes that an open transaction holds back are not deleted before a consumer could read them', async () => {
  const read: bigint[] = []
  let gaps = 0
  const consumer = await consume(read, { name: 'held', onGap: () => void gaps++ })
  const writer = await pool.connect()
  await writer.query(`begin; insert into channel (id, name) values (2, 'held')`)
  const ids = [await insertReader(), await insertReader(), await insertReader()]
  await consumer.catchUp()
  await deleteOldChanges(db, { keep: 0, limit: 1_000 })
  await writer.query('rollback')
  writer.release()
  await catchUpUntil(consumer, () => read.length >= 3)
  assert.deepEqual([read, gaps], [ids, 0])
})

test('a consumer that was paused until its next changes were deleted gets a gap, and goes on from there', async () => {
  const read: bigint[] = []
  const known: bigint[] = []
  const onGap = async () => void known.push(...(await db.selectFrom('reader').select('id').execute()).map(row => row.id))
  const consumer = await consume(read, { name: 'paused', onGap })
  const missed = await insertReader()
  await eventually(
    async () => {
      await deleteOldChanges(db, { keep: 0, limit: 1_000 })
      return countChangesOf(missed)
    },
    left => left === 0,
  )
  const next = await insertReader()
  await catchUpUntil(consumer, () => [...read, ...known].includes(next))
  assert.ok(known.includes(missed), 'from the rows')
  assert.ok(!read.includes(missed))
  const after = await insertReader()
  await catchUpUntil(consumer, () => read.includes(after))
  assert.equal(known.filter(id => id === missed).length, 1, 'one gap')
})

test('lag is the time since a consumer last reached the end of the log, and grows while a writer holds it back', async () => {
  let now = 1_000_000
  const metrics = createMetrics()
  const read: bigint[] = []
  const consumer = await consume(read, { name: 'slow', clock: () => now, lags: createLagMetric(metrics) })
  const writer = await pool.connect()
  await writer.query(`begin; insert into channel (id, name) values (1, 'held')`)
  const id = await insertReader()
  await consumer.catchUp()
  assert.equal(consumer.caughtUpAt(), undefined, 'commits of others meanwhile are not read yet')
  now += 3_000
  await consumer.catchUp()
  assert.equal(consumer.lagSeconds(), 3)
  assert.match(await metrics.text(), /^log_lag_seconds\{consumer="slow"\} 3$/m)
  assert.ok((await oldestWriterSeconds(db)) > 0)
  await writer.query('commit')
  writer.release()
  await catchUpUntil(consumer, () => read.includes(id) && consumer.lagSeconds() === 0)
  assert.equal(consumer.lagSeconds(), 0)
  assert.equal(consumer.caughtUpAt(), now)
})

test('a consumer that is ahead of the log recognises a restore, and starts a new incarnation', async () => {
  const read: bigint[] = []
  const gaps: string[] = []
  const { xid, incarnation } = await readEndPosition(db)
  const from = { xid: String(BigInt(xid) + 1_000_000n), seq: 0n, incarnation }
  const consumer = await consume(read, { name: 'restored', startAt: from, onGap: (_at, now) => void gaps.push(now) })
  await consumer.catchUp()
  assert.equal(gaps.length, 1)
  assert.notEqual(gaps[0], incarnation)
  assert.equal((await readEndPosition(db)).incarnation, gaps[0])
  const id = await insertReader()
  await catchUpUntil(consumer, () => read.includes(id))
})
