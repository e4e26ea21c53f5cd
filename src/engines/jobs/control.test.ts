import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eventually, PATIENCE_MS, pause } from '../../../test/support/waiting.ts'
import { MINUTE, SECOND } from '../../base/clock.ts'
import { deleteOldRuns } from './run.sql.ts'
import { createJobsFixture, job } from './scheduler.fixture.ts'

const { db, control, start, listRuns, waitForEnded } = await createJobsFixture()

test('a paused job runs only manually, and when resumed it catches up nothing', async () => {
  await start(job('minutely', async () => {}, { schedule: '* * * * *', catchUp: { all: 100 } }))
  await control.change('minutely', { paused: true })
  const earlier = (await listRuns('minutely')).length // one, if a minute has just begun
  await sql`update job set next_slot = clock_timestamp() - interval '10 minutes' where name = 'minutely'`.execute(db)
  await control.requestRun('minutely')
  await waitForEnded('minutely', earlier + 1)
  await pause(1_200)
  const runs = await listRuns('minutely')
  assert.deepEqual([runs.length, runs.filter(run => run.asked).length], [earlier + 1, 1])
  const resumedAt = Date.now()
  const { next_slot } = await control.change('minutely', { paused: false })
  assert.ok((next_slot as Date).getTime() > resumedAt - SECOND)
  await pause(200)
  assert.equal((await listRuns('minutely')).filter(run => run.slot.getTime() < resumedAt - 2 * MINUTE).length, 0)
})

test('a running job gets another schedule, and then its declared one back', async () => {
  const slots: Date[] = []
  await start(job('moving', async ({ slot }) => void slots.push(slot)))
  const changed = await control.change('moving', { schedule: 'every  100ms' })
  assert.equal(changed.schedule, 'every 100ms')
  await eventually(
    async () => slots,
    all => all.length >= 3,
  )
  assert.equal((await control.change('moving', { schedule: null })).schedule, null)
  await eventually(
    () => listRuns('moving'),
    runs => runs.every(run => run.state === 'ended'),
  )
  const count = slots.length
  await pause(300)
  assert.equal(slots.length, count)
  await assert.rejects(control.change('moving', { schedule: 'at 2020-01-01T00:00:00Z' }), /no slot any more/)
  await assert.rejects(control.change('nothing', { paused: true }), /There is no job called "nothing"/)
})

test('twenty simultaneous requests make twenty manual runs', async () => {
  let executed = 0
  await start(job('manual', async () => void executed++, { overlap: 'allow' }))
  const slots = await Promise.all(Array.from({ length: 20 }, () => control.requestRun('manual')))
  assert.equal(new Set(slots.map(Number)).size, 20)
  await waitForEnded('manual', 20)
  assert.equal(executed, 20)
  const run = await control.waitForRun('manual', slots[0] as Date, PATIENCE_MS)
  assert.equal(run.outcome, 'done')
})

test('retention keeps the newest ended runs of each job, and every waiting run', async () => {
  const { scheduler } = await start(job('old', async () => {}))
  await scheduler.stop()
  await sql`insert into job_run (job, slot, state, outcome) select 'old', to_timestamp(i), 'ended', 'done' from generate_series(1, 30) i`.execute(
    db,
  )
  await sql`insert into job_run (job, slot, state) values ('old', to_timestamp(0), 'waiting')`.execute(db)
  let deleted = 0
  for (let batch = 1; batch > 0; deleted += batch) batch = await deleteOldRuns(db, { keep: 10, limit: 7 })
  assert.equal(deleted, 20)
  assert.deepEqual(
    (await listRuns('old')).map(run => run.slot.getTime() / 1000),
    [30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 0],
  )
})
