import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { MINUTE } from '../../base/clock.ts'
import { unavailable } from '../../base/problem.ts'
import { CHANGE_COLUMNS, type LoggedChange } from './change-log.ts'
import { listSetAside } from './consumers.sql.ts'
import { createDurableConsumer, type Effect } from './durable-consumer.ts'

const { db, pool } = await testDatabase()

let nextId = 1n
async function insertReaders(count: number): Promise<bigint[]> {
  const ids = Array.from({ length: count }, () => nextId++)
  for (const id of ids) await pool.query(`insert into reader (id, name) values (${id}, 'reader ${id}')`)
  return ids
}

/** A consumer that has read all so far, a clock for it, and one attempt to read on. */
async function startConsumer(name: string, effect: Effect<LoggedChange>) {
  let now = 0
  const spec = { name, log: 'change' as const, columns: CHANGE_COLUMNS, effect, rebuild: async () => {} }
  const consumer = createDurableConsumer(spec, { db, pool, clock: () => now, retryDelaysMs: [] })
  await consumer.catchUp()
  return {
    pass: (ms: number) => void (now += ms),
    untilRefused: (reason: RegExp) =>
      assert.rejects(
        eventually(consumer.catchUp, () => false),
        reason,
      ),
    catchUpUntil: (done: () => Promise<boolean> | boolean) =>
      eventually(
        async () => (await consumer.catchUp(), done()),
        met => met,
      ),
    keysSetAside: async () => (await listSetAside(db, { consumer: name, limit: 10 })).map(({ row }) => BigInt(row.key as string)),
  }
}

test('while the target of an effect is away, for however long, nothing is set aside, and nothing is lost', async () => {
  const done = new Set<bigint>()
  let away = true
  const answer = async () => {
    if (away) throw unavailable('the target is away')
  }
  const apply = async (rows: LoggedChange[]) => {
    await answer()
    for (const { key } of rows) done.add(key)
  }
  const consumer = await startConsumer('away', { where: 'elsewhere', apply, probe: answer })
  const ids = await insertReaders(3)
  for (let i = 0; i < 3; i++) {
    await consumer.untilRefused(/the target is away/)
    consumer.pass(10 * MINUTE)
  }
  assert.deepEqual(await consumer.keysSetAside(), [])
  away = false
  await consumer.catchUpUntil(() => ids.every(id => done.has(id)))
})

test('a change that finds the target away, though the target answers, is tried for some minutes and then set aside; the others go on', async () => {
  await pool.query('create table applied (key bigint)')
  let poison = 0n
  const isApplied = async (key: bigint) => (await pool.query('select from applied where key = $1', [key])).rowCount === 1
  const consumer = await startConsumer('blocked', {
    where: 'postgres',
    async apply(rows, tx) {
      if (rows.some(({ key }) => key === poison)) throw new Error('Query read timeout')
      for (const { key } of rows)
        await tx
          .insertInto('applied' as 'reader')
          .values({ key } as never)
          .execute()
    },
  })
  const [before, blocking, after] = (await insertReaders(3)) as [bigint, bigint, bigint]
  poison = blocking
  await consumer.untilRefused(/Query read timeout/)
  assert.deepEqual([await isApplied(before), await isApplied(after)], [true, false])
  consumer.pass(2 * MINUTE)
  await consumer.untilRefused(/Query read timeout/)
  assert.deepEqual(await consumer.keysSetAside(), [])
  consumer.pass(MINUTE)
  await consumer.catchUpUntil(() => isApplied(after))
  assert.deepEqual(await consumer.keysSetAside(), [poison])
  assert.equal(await isApplied(poison), false)
})
