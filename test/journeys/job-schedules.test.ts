// What an administrator sees of schedules and policies of jobs: cron, interval, one moment, pause, overlap, an outage, the pool.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { DAY } from '../../src/base/clock.ts'
import { type Product, startProduct } from '../support/product.ts'
import { eventually, pause, retryUntilDone } from '../support/waiting.ts'

interface Run {
  slot: string
  asked: boolean
  state: string
  outcome: string | null
  message: string | null
  started_at: string
  ended_at: string
}

/** A job that is quick, and that a lock on its table holds up. */
const JOB = 'drop-shared-lists'
const ADMIN_PASSWORD = 'first1password'

let product: Product
let token: string

/** With `DATABASE_URL`, another server on the same database. */
async function start(env: Record<string, string> = {}): Promise<void> {
  product = await startProduct({ alwaysEmbedded: true, env: { ADMIN_PASSWORD, ...env } })
  token = (await product.request('POST', '/mis/v1_0/authorizations', { account: 'admin', password: ADMIN_PASSWORD })).body.data.token
}
before(() => start())

const admin = async (method: string, path: string, json?: unknown) => {
  const { status, body } = await product.request(method, `/v1/admin/jobs${path}`, json, { headers: { authorization: `Bearer ${token}` } })
  assert.ok(status < 300, JSON.stringify(body))
  return body.data
}
const change = (patch: { paused?: boolean; schedule?: string | null }, job = JOB) => admin('PATCH', `/${job}`, patch)
const missed = async (job: string): Promise<number> => (await admin('GET', '')).find((row: { name: string }) => row.name === job).missed
const runsOf = (job = JOB): Promise<Run[]> => admin('GET', `/${job}/runs?limit=100`)
const runsAfter = async (moment: number) => (await runsOf()).filter(run => Date.parse(run.slot) > moment)
const isDone = (run: Run) => run.outcome === 'done'

/** Ends the schedule, and waits for what it has begun. A pause would not do: of slots that fell due together, all but one would wait. */
async function stopRuns(): Promise<void> {
  await change({ schedule: 'every 1d' })
  await eventually(
    () => runsOf(),
    runs => runs.every(run => run.state === 'ended'),
  )
}

/** Runs `work` while no job can delete shared lists. */
const whileLocked = (work: () => Promise<void>) =>
  product.db.transaction().execute(async tx => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
    await sql`lock table shared_list in share mode`.execute(tx)
    await work()
  })

test('a job runs by a cron expression, at an interval and at one moment, as its schedule says', async () => {
  await change({ schedule: '* * * * * *' }) // each second
  const bySecond = await eventually(
    () => runsOf(),
    runs => runs.filter(isDone).length >= 2,
  )
  assert.ok(bySecond.every(run => Date.parse(run.slot) % 1_000 === 0))

  const changedAt = Date.now()
  await change({ schedule: 'every 100ms' })
  const often = await eventually(
    () => runsAfter(changedAt),
    runs => runs.filter(isDone).length >= 3,
  )
  assert.ok(often.every(run => Date.parse(run.slot) % 100 === 0))

  await stopRuns() // a run that goes on at the moment would take its place
  let leadMs = 500
  const moment = await retryUntilDone(async () => {
    leadMs *= 2 // a moment that has passed is refused
    const at = new Date(Date.now() + leadMs)
    await change({ schedule: `at ${at.toISOString()}` })
    return at
  })
  const [once] = await eventually(
    () => runsAfter(moment.getTime() - 1),
    runs => runs.some(isDone),
  )
  assert.equal(once?.slot, moment.toISOString())
  const { next_slot } = (await admin('GET', '')).find((job: { name: string }) => job.name === JOB)
  assert.equal(next_slot, null, 'nothing is planned after the moment')
})

test('a paused job runs at none of its slots, can be run by hand, and goes on when it is resumed', async () => {
  await stopRuns()
  await change({ paused: true, schedule: 'every 100ms' })
  const pausedAt = Date.now()
  const byHand = await admin('POST', `/${JOB}/runs`, { wait: true })
  assert.deepEqual([byHand.asked, byHand.outcome], [true, 'done'])
  await pause(500) // five slots
  assert.equal((await runsAfter(pausedAt)).length, 1)
  await change({ paused: false })
  await eventually(
    () => runsAfter(pausedAt),
    runs => runs.some(run => isDone(run) && !run.asked),
  )
  await stopRuns() // a run that waits for the lock of the next test would be one from before it
})

test('a slot that is due while an earlier run goes on is skipped, and the history says so', async () => {
  const startedAt = Date.now()
  await whileLocked(async () => {
    await change({ schedule: 'every 100ms' })
    const runs = await eventually(
      () => runsAfter(startedAt),
      all => all.filter(run => run.outcome === 'skipped').length >= 2 && all.some(run => run.state === 'running'),
    )
    assert.equal(runs.filter(run => run.state === 'running').length, 1)
    assert.equal(runs.find(run => run.outcome === 'skipped')?.message, 'an earlier run was not over')
  })
  await eventually(
    () => runsAfter(startedAt),
    runs => runs.some(isDone),
  )
  await change({ schedule: 'every 1d' }) // its slots would be in the way of the last test
})

test('after ten days without a worker, a daily job runs once for its latest slot, and the others count as missed', async () => {
  const daily = 'drop-devices' // its slot of last midnight would be older than the newest hundred runs of a job of each 100 ms
  await change({ schedule: 'every 1d' }, daily)
  const { databaseUrl } = product
  const missedBefore = await missed(daily)
  await product.app.close()
  const stoppedAt = Date.now()
  await sql`update job set next_slot = ${new Date(stoppedAt - 10 * DAY)} where name = ${daily}`.execute(product.db)
  await start({ DATABASE_URL: databaseUrl })
  const runs = await eventually(
    async () => (await runsOf(daily)).filter(run => Date.parse(run.started_at) > stoppedAt), // by its own schedule it runs each hour
    all => all.some(isDone),
  )
  // Midnight may have passed.
  const [first, latest] = [Math.ceil(stoppedAt / DAY) - 10, Math.floor(Date.parse(runs[0]?.started_at as string) / DAY)]
  assert.deepEqual(
    runs.map(run => Date.parse(run.slot)),
    [latest * DAY],
  )
  assert.equal((await missed(daily)) - missedBefore, latest - first)
})

test('a worker with JOBS_AT_ONCE=1 starts a job only when the one before has ended', async () => {
  await product.app.close()
  await start({ DATABASE_URL: product.databaseUrl, JOBS_AT_ONCE: '1' })
  const requestedAt = Date.now()
  await whileLocked(async () => {
    await admin('POST', `/${JOB}/runs`, {})
    await eventually(
      () => runsOf(),
      runs => runs.some(run => run.state === 'running'),
    )
    await admin('POST', '/drop-seen/runs', {})
    await pause(300) // a second place would start it within milliseconds
  })
  const [second] = await eventually(
    () => runsOf('drop-seen'),
    runs => runs.length > 0 && runs.every(isDone),
  )
  const first = (await runsOf()).find(run => run.asked && Date.parse(run.slot) >= requestedAt)
  assert.ok((second?.started_at ?? '') >= (first?.ended_at ?? 'z'), JSON.stringify([first, second]))
})
