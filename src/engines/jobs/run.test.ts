import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eventually } from '../../../test/support/waiting.ts'
import { MINUTE, SECOND } from '../../base/clock.ts'
import { backoffMs } from './run.ts'
import { createJobsFixture, job } from './scheduler.fixture.ts'

const { db, control, start, listRuns, waitForEnded } = await createJobsFixture()

test('a job that throws, floods or hangs gets its outcome recorded, and the others run', async () => {
  const huge = 'x'.repeat(10_000_000)
  const aborted: unknown[] = []
  const jobs = [
    job('throws', async () => Promise.reject(new Error('no such luck'))),
    job('throws-much', async () => Promise.reject(new Error(huge))),
    job('throws-at-once', () => {
      throw null
    }),
    job('floods', async () => ({ huge })),
    job('odd', async () => ({ count: 12n, nul: 'a\0b', half: '\ud800' })),
    job('circular', async () => {
      const circle: Record<string, unknown> = {}
      return Object.assign(circle, { circle })
    }),
    job('hangs', ({ signal }) => new Promise(() => signal.addEventListener('abort', () => aborted.push(signal.reason))), {
      timeoutMs: 200,
    }),
    job('good', async () => ({ rows: 3 })),
  ]
  const { metrics } = await start(jobs)
  for (const { name } of jobs) await control.requestRun(name)
  const last = async (name: string) => (await waitForEnded(name, 1))[0]
  assert.deepEqual([(await last('throws'))?.outcome, (await last('throws'))?.message], ['failed', 'no such luck'])
  assert.deepEqual([(await last('throws-much'))?.outcome, (await last('throws-much'))?.message?.length], ['failed', 501])
  assert.deepEqual([(await last('throws-at-once'))?.outcome, (await last('throws-at-once'))?.message], ['failed', 'null'])
  const flood = (await last('floods'))?.report as { cut: boolean; length: number; begins: string }
  assert.deepEqual([flood.cut, flood.length, flood.begins.length], [true, 10_000_011, 501])
  assert.deepEqual((await last('odd'))?.report, { count: '12', nul: 'ab', half: '' })
  assert.deepEqual((await last('circular'))?.report, { cut: true, begins: 'what the job returned is not JSON' })
  assert.deepEqual([(await last('hangs'))?.outcome, (await last('hangs'))?.message], ['timed_out', 'took longer than 200 ms'])
  assert.equal(aborted.length, 1)
  assert.deepEqual((await last('good'))?.report, { rows: 3 })
  const text = await eventually(
    () => metrics.text(),
    seen => seen.includes('outcome="timed_out"'),
  )
  assert.match(text, /job_runs_total\{job="good",outcome="done"\} 1\n/)
  assert.match(text, /job_runs_total\{job="hangs",outcome="timed_out"\} 1\n/)
  assert.match(text, /job_last_success_timestamp_seconds\{job="good"\} \d+/)
  assert.doesNotMatch(text, /job_last_success_timestamp_seconds\{job="throws"\}/)
})

test('a job that returns after its time-out changes nothing, not even in a transaction', async () => {
  await sql`create table if not exists effect (what text)`.execute(db)
  const refusals: string[] = []
  const slow = job(
    'slow',
    async context => {
      await waitForEnded('slow', 1)
      await context.commit(tx => sql`insert into effect values ('late')`.execute(tx)).catch(err => refusals.push(err.message))
      return { late: true }
    },
    { timeoutMs: 200 },
  )
  await start(slow)
  await control.requestRun('slow')
  await eventually(
    async () => refusals,
    all => all.length > 0,
  )
  assert.deepEqual(refusals, ['this run is held by another process, or over'])
  assert.deepEqual(
    (await listRuns('slow')).map(run => [run.outcome, run.report]),
    [['timed_out', null]],
  )
  assert.deepEqual((await sql`select * from effect`.execute(db)).rows, [])
})

test('the effect of a job and the end of its run are committed together or not at all', async () => {
  await sql`create table if not exists effect (what text)`.execute(db)
  await sql`delete from effect`.execute(db)
  const transactional = job(
    'transactional',
    context =>
      context.commit(async tx => {
        await sql`insert into effect values (${`attempt ${context.attempt}`})`.execute(tx)
        if (context.attempt === 1) throw new Error('after the effect')
        return { rows: 1 }
      }),
    { retries: 1, backoffMs: 50 },
  )
  const { metrics } = await start(transactional)
  await control.requestRun('transactional')
  const [run] = await waitForEnded('transactional', 1)
  assert.deepEqual([run?.outcome, run?.attempt, run?.report], ['done', 2, { rows: 1 }])
  assert.deepEqual((await sql`select what from effect`.execute(db)).rows, [{ what: 'attempt 2' }])
  assert.match(await metrics.text(), /job_runs_total\{job="transactional",outcome="retried"\} 1\n/)
})

test('a failing job is retried as often as it says, each time later', async () => {
  const attemptedAt: number[] = []
  const flaky = job(
    'flaky',
    async () => {
      attemptedAt.push(performance.now())
      throw new Error('not yet')
    },
    { retries: 2, backoffMs: 200 },
  )
  await start(flaky)
  await control.requestRun('flaky')
  const [run] = await waitForEnded('flaky', 1)
  assert.deepEqual([run?.outcome, run?.attempt, run?.message], ['failed', 3, 'not yet'])
  const [first, second, third] = attemptedAt as [number, number, number]
  // With a random number of one half, three quarters of 200 and of 400 ms.
  assert.ok(second - first >= 149 && third - second >= 299, `${second - first}, ${third - second}`)
})

test('the backoff doubles up to five minutes, and half of it is random', () => {
  assert.deepEqual(
    [1, 2, 3].map(attempt => backoffMs(attempt, SECOND, () => 0)),
    [500, 1_000, 2_000],
  )
  assert.deepEqual(
    [1, 2, 3].map(attempt => backoffMs(attempt, SECOND, () => 0.999)),
    [1_000, 1_999, 3_998],
  )
  assert.equal(
    backoffMs(99, SECOND, () => 1),
    5 * MINUTE,
  )
})
