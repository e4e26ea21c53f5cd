import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { createMetrics } from '../../base/metrics.ts'
import { unavailable } from '../../base/problem.ts'
import { CHANGE_COLUMNS, deleteOldChanges, type LoggedChange } from './change-log.ts'
import { listConsumers, listSetAside, requestRetry } from './consumers.sql.ts'
import { createDurableConsumer, type DurableConsumer, type DurableConsumerNeeds, type DurableConsumerSpec } from './durable-consumer.ts'
import { createLagMetric } from './lag.ts'
import { releaseLeases } from './offset.sql.ts'

const { db, pool } = await testDatabase()
await pool.query('create table effect (consumer text, key bigint)')

let nextId = 1n
/** A reader's row is one change. */
async function insertReader(): Promise<bigint> {
  const id = nextId++
  await pool.query(`insert into reader (id, name) values (${id}, 'reader ${id}')`)
  return id
}

type Spec = DurableConsumerSpec<LoggedChange>

/** Its effect is a row of the table `effect`; its snapshot has one for each reader. */
const specOf = (name: string, more: Partial<Spec> = {}): Spec => ({
  name,
  log: 'change',
  columns: CHANGE_COLUMNS,
  wants: change => change.topic === 'reader',
  effect: {
    where: 'postgres',
    apply: async (rows, tx) =>
      void (await sql`insert into effect select ${name}, unnest(${rows.map(row => row.key)}::bigint[])`.execute(tx)),
  },
  rebuild: async ({ end: { xid } }) => {
    await sql`delete from effect where consumer = ${name}`.execute(db)
    await sql`insert into effect select ${name}, key from change where topic = 'reader' and xid < ${xid}::xid8`.execute(db)
  },
  ...more,
})

const create = (spec: Spec, more: Partial<DurableConsumerNeeds> = {}) => createDurableConsumer(spec, { db, pool, ...more })

async function effectsOf(name: string): Promise<bigint[]> {
  const { rows } = await pool.query<{ key: bigint }>('select key from effect where consumer = $1 order by key', [name])
  return rows.map(row => row.key)
}

/** Catches up until `done`: transactions of other tests hold the end of the log back for moments. */
const catchUpUntil = (consumer: DurableConsumer, done: () => Promise<boolean>) =>
  eventually(
    async () => {
      await consumer.catchUp()
      return done()
    },
    met => met,
  )
const hasEffects = (name: string, count: number) => async () => (await effectsOf(name)).length >= count
const readersUpTo = (last: bigint) => Array.from({ length: Number(last) }, (_, i) => BigInt(i + 1))

test('a new consumer begins at a snapshot and misses no change made before, during or after it', async () => {
  await insertReader()
  const spec = specOf('new')
  const consumer = create({
    ...spec,
    async rebuild(snapshot) {
      await insertReader()
      await spec.rebuild(snapshot)
      await insertReader()
    },
  })
  await consumer.catchUp()
  const last = await insertReader()
  await catchUpUntil(consumer, hasEffects('new', Number(last)))
  assert.deepEqual(await effectsOf('new'), readersUpTo(last))
})

test('a consumer goes on after a restart, and of several at once each change has its effect once', async () => {
  await create(specOf('shared')).catchUp()
  const ids = []
  for (let i = 0; i < 30; i++) ids.push(await insertReader())
  const after: Spec = specOf('shared', { rebuild: () => assert.fail('its offset is kept') })
  const consumers = [1, 2, 3].map(() => create(after, { batchSize: 4 }))
  const last = ids.at(-1) as bigint
  await Promise.all(consumers.map(consumer => catchUpUntil(consumer, hasEffects('shared', Number(last)))))
  assert.deepEqual(await effectsOf('shared'), readersUpTo(last))
})

test('an operator sees a consumer and its lag while it builds its first snapshot', async () => {
  const read = async () => (await listConsumers(db)).find(({ name }) => name === 'building')
  const spec = specOf('building')
  const consumer = create({
    ...spec,
    async rebuild(snapshot) {
      await insertReader()
      const state = await eventually(read, state => state !== undefined && state.lagSeconds > 0)
      assert.deepEqual([state?.building, state?.setAside], [true, 0])
      assert.ok((state?.behind ?? 0) > 0)
      await spec.rebuild(snapshot)
    },
  })
  await consumer.catchUp()
  assert.equal((await read())?.building, false)
})

test('only one of several processes builds the snapshot; the others wait for it', async () => {
  let snapshots = 0
  const spec = specOf('alone')
  const counting: Spec = { ...spec, rebuild: snapshot => (snapshots++, spec.rebuild(snapshot)) }
  await Promise.all([1, 2, 3].map(() => create(counting).catchUp()))
  assert.equal(snapshots, 1)
})

test('a consumer whose next changes were deleted begins at a snapshot again', async () => {
  const consumer = create(specOf('late'))
  await consumer.catchUp()
  await insertReader()
  await pool.query(`update log_consumer set seen_at = now() - interval '1 day' where name <> 'redis'`)
  await eventually(
    async () => {
      await deleteOldChanges(db, { keep: 0, limit: 1_000 })
      return (await pool.query('select from change')).rows.length
    },
    left => left === 0,
  )
  let snapshots = 0
  const later = create(specOf('late', { rebuild: async () => void snapshots++ }))
  await later.catchUp()
  assert.equal(snapshots, 1)
})

test('changes that a living consumer has still to read are not deleted', async () => {
  const consumer = create(specOf('slow'))
  await consumer.catchUp()
  const missed = await insertReader()
  await deleteOldChanges(db, { keep: 0, limit: 1_000 })
  const again = create(specOf('slow', { rebuild: () => assert.fail('nothing was deleted') }))
  await catchUpUntil(again, async () => (await effectsOf('slow')).includes(missed))
})

test('changes of a transaction that a living consumer has read in part are not deleted', async () => {
  let batches = 0
  const applied: bigint[] = []
  const apply = async (rows: LoggedChange[]) => {
    if (batches++ === 1) throw unavailable('the target went away')
    applied.push(...rows.map(row => row.key))
  }
  const probe = async () => assert.fail('away')
  const spec = specOf('halfway', { effect: { where: 'elsewhere', apply, probe }, rebuild: async () => {} })
  const consumer = create(spec, { batchSize: 2 })
  await consumer.catchUp()
  const ids = [nextId++, nextId++, nextId++]
  await pool.query(`insert into reader (id, name) select id, 'reader ' || id from unnest($1::bigint[]) id`, [ids])
  await assert.rejects(
    catchUpUntil(consumer, async () => false),
    /went away/,
  )
  await pool.query(`update log_consumer set seen_at = now() - interval '1 day' where name <> 'halfway'`)
  await deleteOldChanges(db, { keep: 0, limit: 1_000 })
  const again = create({ ...spec, rebuild: () => assert.fail('nothing was missed') })
  await catchUpUntil(again, async () => ids.every(id => applied.includes(id)))
})

test('a change whose effect always throws is retried, then set aside with its reason; the others go on, and an operator retries it', async () => {
  let poison = 0n
  let broken = true
  let attempts = 0
  const spec = specOf('poisoned')
  const apply: Extract<Spec['effect'], { where: 'postgres' }>['apply'] = async (rows, tx) => {
    if (spec.effect.where === 'postgres') await spec.effect.apply(rows, tx)
    if (!rows.some(row => row.key === poison) || !broken) return
    if (rows.length === 1) attempts++
    throw new Error('cannot digest this')
  }
  const metrics = createMetrics()
  const needs = { retryDelaysMs: [0, 0], lags: createLagMetric(metrics) }
  const consumer = create({ ...spec, effect: { where: 'postgres', apply } }, needs)
  await consumer.catchUp()
  const before = await insertReader()
  poison = await insertReader()
  const after = await insertReader()
  await catchUpUntil(consumer, async () => (await listSetAside(db, { consumer: 'poisoned', limit: 10 })).some(each => each.nextAt === null))
  const effects = await effectsOf('poisoned')
  assert.ok(effects.includes(before) && effects.includes(after))
  assert.ok(!effects.includes(poison), 'the effect that threw was rolled back')
  assert.equal(attempts, 3)
  const [aside] = await listSetAside(db, { consumer: 'poisoned', limit: 10 })
  assert.deepEqual([aside?.reason, aside?.attempts], ['cannot digest this', 3])
  const state = (await listConsumers(db)).find(each => each.name === 'poisoned')
  assert.deepEqual([state?.setAside, state?.retrying], [1, 0])
  await consumer.catchUp()
  assert.match(await metrics.text(), /^log_set_aside\{consumer="poisoned"\} 1$/m)
  assert.match(await metrics.text(), /^log_offset\{consumer="poisoned"\} [1-9]/m)
  assert.equal(attempts, 3, 'no more attempts until an operator asks')

  assert.equal(await requestRetry(db, { consumer: 'poisoned', id: aside?.id }), 1)
  await consumer.catchUp()
  assert.equal(attempts, 4)
  broken = false
  assert.equal(await requestRetry(db, { consumer: 'poisoned' }), 1)
  await consumer.catchUp()
  assert.equal((await effectsOf('poisoned')).filter(key => key === poison).length, 1)
  assert.deepEqual(await listSetAside(db, { consumer: 'poisoned', limit: 10 }), [])
})

test('a consumer with too many changes set aside stands still, and goes on when an operator retries them', async () => {
  let broken = true
  const done: bigint[] = []
  const apply = async (rows: LoggedChange[]) => {
    if (broken) throw new Error('cannot digest anything')
    done.push(...rows.map(row => row.key))
  }
  const spec = specOf('full', { effect: { where: 'elsewhere', apply }, rebuild: async () => {} })
  const consumer = create(spec, { retryDelaysMs: [] })
  await consumer.catchUp()
  await pool.query(`insert into set_aside (log, consumer, xid, seq, row, reason)
    select 'change', 'full', '3', n, jsonb_build_object('xid', '3', 'seq', n, 'topic', 'reader', 'key', 0), 'broken' from generate_series(1, 1000) n`)
  const id = await insertReader()
  await assert.rejects(
    catchUpUntil(consumer, async () => false),
    /consumer full has 1000 changes set aside: cannot digest anything/,
  )
  assert.deepEqual(await listSetAside(db, { consumer: 'full', limit: 1 }).then(([first]) => first?.reason), 'broken')
  broken = false
  assert.equal(await requestRetry(db, { consumer: 'full' }), 1_000)
  await catchUpUntil(consumer, async () => done.includes(id))
})

test('of several workers one runs a consumer; another goes on when it stops', async () => {
  const done: string[] = []
  const workers = ['first', 'second'].map(leaseHolder =>
    create(specOf('leased', { effect: { where: 'elsewhere', apply: async () => void done.push(leaseHolder) }, rebuild: async () => {} }), {
      leaseHolder,
    }),
  )
  const [first, second] = workers as [DurableConsumer, DurableConsumer]
  await first.catchUp()
  await insertReader()
  await second.catchUp()
  await catchUpUntil(first, async () => done.length > 0)
  await second.catchUp()
  assert.deepEqual(new Set(done), new Set(['first']))
  await releaseLeases(db, 'first')
  await insertReader()
  await catchUpUntil(second, async () => done.includes('second'))
  // A worker that was killed does not release its lease: it ends.
  await pool.query(`update log_consumer set lease_until = now() where name = 'leased'`)
  done.length = 0
  await insertReader()
  await catchUpUntil(first, async () => done.includes('first'))
})
