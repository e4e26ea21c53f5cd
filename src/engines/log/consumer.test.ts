import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { createMetrics } from '../../base/metrics.ts'
import { CHANGE_COLUMNS, deleteOldChanges, type LoggedChange } from './change-log.ts'
import { type ConsumerNeeds, createConsumer } from './consumer.ts'
import { createLagMetric } from './lag.ts'
import { readEndPosition } from './log-reader.ts'
import { oldestWriterSeconds } from './oldest-writer.sql.ts'

const { db, pool } = await testDatabase()

let nextId = 1n
async function insert(): Promise<bigint> {
  const id = nextId++
  await pool.query(`insert into reader (id, name) values (${id}, 'reader ${id}')`)
  return id
}

const follower = (read: bigint[], more: Partial<ConsumerNeeds<LoggedChange>> = {}) =>
  createConsumer<LoggedChange>({
    db,
    log: 'change',
    name: 'one',
    columns: CHANGE_COLUMNS,
    onRows: rows => void read.push(...rows.map(row => row.key)),
    onGap: () => assert.fail('nothing is lost'),
    ...more,
  })

async function changesOf(key: bigint): Promise<number> {
  return (await db.selectFrom('change').select('seq').where('key', '=', key).execute()).length
}

/** Catches up until it has read what it should: transactions of other tests hold the end of the log back for moments. */
async function until(consumer: { catchUp(): Promise<void> }, done: () => boolean): Promise<void> {
  await eventually(
    async () => done() || (await consumer.catchUp(), done()),
    yes => yes,
  )
}

test('a follower that fails reads again what it had not finished taking in', async () => {
  const read: bigint[] = []
  let failing = true
  const take = (rows: LoggedChange[]) => {
    if (failing) throw new Error('not now')
    read.push(...rows.map(row => row.key))
  }
  const consumer = await follower([], { onRows: take })
  const [a, b] = [await insert(), await insert()]
  await assert.rejects(
    until(consumer, () => false),
    /not now/,
  )
  failing = false
  await until(consumer, () => read.length >= 2)
  assert.deepEqual(read, [a, b])
})

test('changes behind a writer that holds the log back are not dropped before anybody could read them', async () => {
  const read: bigint[] = []
  let gaps = 0
  const consumer = await follower(read, { name: 'held', onGap: () => void gaps++ })
  const holder = await pool.connect()
  await holder.query(`begin; insert into channel (id, name) values (2, 'held')`)
  const ids = [await insert(), await insert(), await insert()]
  await consumer.catchUp()
  await deleteOldChanges(db, { keep: 0, limit: 1_000 })
  await holder.query('rollback')
  holder.release()
  await until(consumer, () => read.length >= 3)
  assert.deepEqual([read, gaps], [ids, 0])
})

test('a follower that stood still until what it had to read was dropped is told so, and goes on from there', async () => {
  const read: bigint[] = []
  const known: bigint[] = []
  const gap = async () => void known.push(...(await db.selectFrom('reader').select('id').execute()).map(row => row.id))
  const consumer = await follower(read, { name: 'late', onGap: gap })
  const missed = await insert()
  await eventually(
    async () => {
      await deleteOldChanges(db, { keep: 0, limit: 1_000 })
      return changesOf(missed)
    },
    left => left === 0,
  )
  const next = await insert()
  await until(consumer, () => [...read, ...known].includes(next))
  assert.ok(known.includes(missed), 'by looking at the rows')
  assert.ok(!read.includes(missed))
  const after = await insert()
  await until(consumer, () => read.includes(after))
  assert.equal(known.filter(id => id === missed).length, 1, 'told once')
})

test('lag is the time since a follower last stood at the end of the log, and grows while a writer holds it back', async () => {
  let now = 1_000_000
  const metrics = createMetrics()
  const read: bigint[] = []
  const consumer = await follower(read, { name: 'slow', clock: () => now, lags: createLagMetric(metrics) })
  const holder = await pool.connect()
  await holder.query(`begin; insert into channel (id, name) values (1, 'held')`)
  const id = await insert()
  await consumer.catchUp()
  assert.equal(consumer.caughtUpAt(), undefined, 'what others have committed meanwhile is not told yet')
  now += 3_000
  await consumer.catchUp()
  assert.equal(consumer.lagSeconds(), 3)
  assert.match(metrics.text(), /^log_lag_seconds\{consumer="slow"\} 3$/m)
  assert.ok((await oldestWriterSeconds(db)) > 0)
  await holder.query('commit')
  holder.release()
  await until(consumer, () => read.includes(id) && consumer.lagSeconds() === 0)
  assert.equal(consumer.lagSeconds(), 0)
  assert.equal(consumer.caughtUpAt(), now)
})

test('a follower that has been further than the log goes knows that the database was put back, and begins another history', async () => {
  const read: bigint[] = []
  const gaps: string[] = []
  const { xid, incarnation } = await readEndPosition(db)
  const from = { xid: String(BigInt(xid) + 1_000_000n), seq: 0n, incarnation }
  const consumer = await follower(read, { name: 'back', startAt: from, onGap: (_at, now) => void gaps.push(now) })
  await consumer.catchUp()
  assert.equal(gaps.length, 1)
  assert.notEqual(gaps[0], incarnation)
  assert.equal((await readEndPosition(db)).incarnation, gaps[0])
  const id = await insert()
  await until(consumer, () => read.includes(id))
})
