import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eventually, pause } from '../../../test/support/waiting.ts'
import type { Job } from '../../base/job.ts'
import { at, createJobsFixture, job } from './scheduler.fixture.ts'

const { db, control, start, stopAll, deleteAll, listRuns, waitForEnded } = await createJobsFixture()

test('four workers run each slot of a job once', async () => {
  const executed: string[] = []
  const tick = job('tick', async ({ slot }) => void executed.push(slot.toISOString()), { schedule: 'every 100ms', overlap: 'allow' })
  for (let i = 0; i < 4; i++) await start(tick)
  await waitForEnded('tick', 19)
  await stopAll()
  // Runs that had just become due were released, and wait.
  const slots = (await listRuns('tick'))
    .filter(run => run.state === 'ended')
    .map(run => run.slot.getTime())
    .toSorted((a, b) => a - b)
  assert.ok(slots.length >= 19, `${slots.length} slots`)
  assert.deepEqual(
    slots,
    slots.map((_, i) => (slots[0] as number) + i * 100),
    'no slot is missing',
  )
  assert.deepEqual(
    executed.toSorted(),
    slots.map(slot => new Date(slot).toISOString()),
    'each slot ran once',
  )
})

test('a new job catches up nothing, and after an outage a job catches up as its policy says', async () => {
  const policies = { none: 'none', latest: 'latest', five: { all: 5 } } as const
  const jobs = Object.entries(policies).map(([name, catchUp]) =>
    job(name, async () => {}, { schedule: '* * * * *', catchUp } as Partial<Job>),
  )
  const beforeOutage = await start(jobs, { now: at('2026-11-20T04:00:30Z') })
  await pause(200)
  for (const { name } of jobs) assert.deepEqual(await listRuns(name), [])
  await beforeOutage.scheduler.stop()
  const { metrics } = await start(jobs, { now: at('2026-11-20T04:10:30Z') })
  await Promise.all([waitForEnded('latest', 1), waitForEnded('five', 5)])
  const minutes = async (name: string) => (await listRuns(name)).map(run => run.slot.getUTCMinutes())
  assert.deepEqual(await minutes('none'), [])
  assert.deepEqual(await minutes('latest'), [10])
  assert.deepEqual(await minutes('five'), [10, 9, 8, 7, 6])
  for (const line of ['{job="none"} 10', '{job="latest"} 9', '{job="five"} 5'])
    assert.ok((await metrics.text()).includes(`job_missed_total${line}\n`), line)
  assert.deepEqual(
    (await control.list()).map(row => [row.name, row.missed]),
    [
      ['five', 5],
      ['latest', 9],
      ['none', 10],
    ],
  )
})

test('a daily job runs once in the nights in which the clocks change', async () => {
  const nightly = job('nightly', async () => {}, { schedule: '30 2 * * *' })
  const berlin = { zone: 'Europe/Berlin' }
  for (const [from, to, slot] of [
    ['2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z', '2026-10-25T00:30:00.000Z'],
  ] as const) {
    const { scheduler } = await start(nightly, { ...berlin, now: at(from) })
    await scheduler.stop()
    await start(nightly, { ...berlin, now: at(to) })
    const [run, ...others] = await waitForEnded('nightly', 1)
    assert.equal(run?.slot.toISOString(), slot)
    assert.deepEqual(others, [])
    await stopAll()
    await deleteAll()
  }
})

test('while a run is going, later slots are skipped, queued or run in parallel, as the overlap policy says', async () => {
  const highest: Record<string, number> = {}
  const active: Record<string, number> = {}
  const slow = (overlap: 'skip' | 'queue' | 'allow') =>
    job(
      overlap,
      async () => {
        active[overlap] = (active[overlap] ?? 0) + 1
        highest[overlap] = Math.max(highest[overlap] ?? 0, active[overlap])
        await pause(350)
        active[overlap]--
      },
      { overlap, schedule: 'every 100ms' },
    )
  await start([slow('skip'), slow('queue'), slow('allow')])
  const states = async (name: string) => new Set((await listRuns(name)).map(run => run.outcome ?? run.state))
  const seen = async () => [(highest.allow ?? 0) >= 3, (await states('skip')).has('skipped'), (await states('queue')).has('waiting')]
  assert.deepEqual(await eventually(seen, all => all.every(Boolean)), [true, true, true], 'parallel, skipped, waiting')
  await pause(700) // twice as long as a run takes
  for (const name of ['skip', 'queue', 'allow']) await control.change(name, { paused: true })
  assert.deepEqual([highest.skip, highest.queue], [1, 1])
  assert.ok(!(await states('queue')).has('skipped'))
})

test('eight workers run the queue of a job that may not overlap one by one', async () => {
  let active = 0
  let highest = 0
  const queued = job(
    'queued',
    async () => {
      highest = Math.max(highest, ++active)
      await pause(5)
      active--
    },
    { overlap: 'queue' },
  )
  const first = await start(queued)
  await first.scheduler.stop()
  await sql`insert into job_run (job, slot, state) select 'queued', to_timestamp(i), 'waiting' from generate_series(1, 60) i`.execute(db)
  await Promise.all(Array.from({ length: 8 }, () => start(queued)))
  await waitForEnded('queued', 60)
  assert.equal(highest, 1)
  assert.equal((await listRuns('queued')).filter(run => run.attempt !== 1).length, 0)
})

test('a worker runs no more jobs at the same time than its concurrency', async () => {
  let active = 0
  let highest = 0
  const jobs = Array.from({ length: 6 }, (_, i) =>
    job(`job-${i}`, async () => {
      highest = Math.max(highest, ++active)
      await pause(100)
      active--
    }),
  )
  await start(jobs, { concurrency: 2 })
  for (const { name } of jobs) await control.requestRun(name)
  await Promise.all(jobs.map(({ name }) => waitForEnded(name, 1)))
  assert.equal(highest, 2)
})

test('an invalid schedule in the table of one job does not stop the others', async () => {
  await start([job('broken', async () => {}, { schedule: 'every 100ms' }), job('fine', async () => {}, { schedule: 'every 100ms' })])
  await sql`update job set schedule = 'whenever' where name = 'broken'`.execute(db)
  const before = (await listRuns('fine')).length
  const runs = await eventually(
    () => listRuns('fine'),
    all => all.length > before + 5,
  )
  assert.ok(runs.length > before + 5)
})

test('a worker that stops releases its runs, and another starts them at once', async () => {
  const attempts: string[] = []
  const long = (worker: string) =>
    job('long', async ({ attempt, signal }) => {
      attempts.push(`${worker} ${attempt}`)
      if (worker === 'first') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
  const stubborn = (worker: string) =>
    job('stubborn', async ({ attempt }) => {
      attempts.push(`${worker} ${attempt} stubborn`)
      if (worker === 'first') await new Promise(() => {})
    })
  const { scheduler } = await start([long('first'), stubborn('first')], { leaseMs: 60_000 })
  await control.requestRun('long')
  await control.requestRun('stubborn')
  await eventually(
    async () => attempts,
    all => all.length === 2,
  )
  await start([long('second'), stubborn('second')])
  await scheduler.stop()
  const results = await Promise.all([waitForEnded('long', 1), waitForEnded('stubborn', 1)])
  assert.ok(
    results.every(([run]) => run?.state === 'ended'),
    'long before the minute of its lease is over',
  )
  assert.deepEqual(
    attempts.toSorted(),
    ['first 1', 'first 1 stubborn', 'second 1', 'second 1 stubborn'],
    'a released attempt does not count',
  )
})
