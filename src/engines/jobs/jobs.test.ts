import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually, PATIENCE_MS, pause } from '../../../test/support/waiting.ts'
import { MINUTE, SECOND } from '../../base/clock.ts'
import type { Job, JobContext } from '../../base/job.ts'
import { silentLog } from '../../base/log.ts'
import { createMetrics } from '../../base/metrics.ts'
import { createJobControl } from './control.ts'
import { deleteOldRuns, type Now } from './jobs.sql.ts'
import { backoffMs } from './run.ts'
import { declareJobs, type Scheduler, type SchedulerNeeds, startScheduler } from './scheduler.ts'

const { db } = await testDatabase()
const NEVER = 'at 9990-01-01T00:00:00Z'
const control = createJobControl({ db, zone: 'Asia/Shanghai' })
let started: Scheduler[] = []
cleanup(async () => void (await Promise.all(started.map(one => one.stop()))))

beforeEach(async () => {
  await Promise.all(started.map(one => one.stop()))
  started = []
  await sql`delete from job_run`.execute(db)
  await sql`delete from job`.execute(db)
})

async function schedule(jobs: Job | Job[], more: Partial<SchedulerNeeds> = {}) {
  const metrics = createMetrics()
  const needs = {
    db,
    zone: 'Asia/Shanghai',
    log: silentLog,
    metrics,
    concurrency: 10,
    random: () => 0.5,
    leaseMs: 30_000,
    heartbeatMs: 300,
    stopTimeoutMs: 300,
  }
  const scheduler = await startScheduler({ ...needs, jobs: [jobs].flat(), ...more })
  started.push(scheduler)
  return { scheduler, metrics }
}
const job = (name: string, run: Job['run'], more: Partial<Job> = {}): Job => ({ name, about: 'a test', schedule: NEVER, run, ...more })
const runs = (name: string) => control.listRuns(name, 1_000)
const ended = (name: string, count: number) =>
  eventually(
    () => runs(name),
    all => all.filter(run => run.state === 'ended').length >= count,
  )
const at = (iso: string): Now => sql<Date>`${iso}::timestamptz`
const ago = (name: string, ms: number) =>
  sql`update job set next_slot = clock_timestamp() - make_interval(secs => ${ms / 1000}) where name = ${name}`.execute(db)

test('four processes run each slot of a job once', async () => {
  const seen: string[] = []
  const tick = job('tick', async ({ slot }) => void seen.push(slot.toISOString()), { schedule: 'every 100ms', overlap: 'allow' })
  for (let i = 0; i < 4; i++) await schedule(tick)
  await ended('tick', 19)
  await Promise.all(started.map(one => one.stop()))
  // What had only just become due was given back, and waits.
  const all = (await runs('tick'))
    .filter(run => run.state === 'ended')
    .map(run => run.slot.getTime())
    .toSorted((a, b) => a - b)
  assert.ok(all.length >= 19, `${all.length} slots`)
  assert.deepEqual(
    all,
    all.map((_, i) => (all[0] as number) + i * 100),
    'none is missing',
  )
  assert.deepEqual(
    seen.toSorted(),
    all.map(slot => new Date(slot).toISOString()),
    'each ran once',
  )
})

test('a new job makes up for nothing, and a known one for what its policy says', async () => {
  const names = { none: 'none', latest: 'latest', five: { all: 5 } } as const
  const jobs = Object.entries(names).map(([name, catchUp]) => job(name, async () => {}, { schedule: '* * * * *', catchUp } as Partial<Job>))
  const noon = await schedule(jobs, { now: at('2026-11-20T04:00:30Z') })
  await pause(200)
  for (const { name } of jobs) assert.deepEqual(await runs(name), [])
  await noon.scheduler.stop()
  const { metrics } = await schedule(jobs, { now: at('2026-11-20T04:10:30Z') })
  await Promise.all([ended('latest', 1), ended('five', 5)])
  const minutes = async (name: string) => (await runs(name)).map(run => run.slot.getUTCMinutes())
  assert.deepEqual(await minutes('none'), [])
  assert.deepEqual(await minutes('latest'), [10])
  assert.deepEqual(await minutes('five'), [10, 9, 8, 7, 6])
  for (const line of ['{job="none"} 10', '{job="latest"} 9', '{job="five"} 5'])
    assert.ok(metrics.text().includes(`job_missed_total${line}\n`), line)
  assert.deepEqual(
    (await control.list()).map(one => [one.name, one.missed]),
    [
      ['five', 5],
      ['latest', 9],
      ['none', 10],
    ],
  )
})

test('on the nights on which the clocks change a daily job runs once', async () => {
  const nightly = job('nightly', async () => {}, { schedule: '30 2 * * *' })
  const berlin = { zone: 'Europe/Berlin' }
  for (const [from, to, slot] of [
    ['2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z', '2026-10-25T00:30:00.000Z'],
  ] as const) {
    const { scheduler } = await schedule(nightly, { ...berlin, now: at(from) })
    await scheduler.stop()
    await schedule(nightly, { ...berlin, now: at(to) })
    const [run, ...others] = await ended('nightly', 1)
    assert.equal(run?.slot.toISOString(), slot)
    assert.deepEqual(others, [])
    await Promise.all(started.map(one => one.stop()))
    await sql`delete from job_run`.execute(db)
    await sql`delete from job`.execute(db)
  }
})

test('while a run goes on, later slots are skipped, wait for their turn, or run beside it, as the job wants', async () => {
  const most: Record<string, number> = {}
  const now: Record<string, number> = {}
  const slow = (overlap: 'skip' | 'queue' | 'allow') =>
    job(
      overlap,
      async () => {
        now[overlap] = (now[overlap] ?? 0) + 1
        most[overlap] = Math.max(most[overlap] ?? 0, now[overlap])
        await pause(350)
        now[overlap]--
      },
      { overlap, schedule: 'every 100ms' },
    )
  await schedule([slow('skip'), slow('queue'), slow('allow')])
  const states = async (name: string) => new Set((await runs(name)).map(run => run.outcome ?? run.state))
  const seen = async () => [(most.allow ?? 0) >= 3, (await states('skip')).has('skipped'), (await states('queue')).has('waiting')]
  assert.deepEqual(await eventually(seen, all => all.every(Boolean)), [true, true, true], 'beside each other, skipped, waiting')
  await pause(700) // twice as long as each of them takes
  for (const name of ['skip', 'queue', 'allow']) await control.change(name, { paused: true })
  assert.deepEqual([most.skip, most.queue], [1, 1])
  assert.ok(!(await states('queue')).has('skipped'))
})

test('one that throws, one that floods and one that hangs are written down, and the others run', async () => {
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
  const { metrics } = await schedule(jobs)
  for (const { name } of jobs) await control.requestRun(name)
  const last = async (name: string) => (await ended(name, 1))[0]
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
    async () => metrics.text(),
    seen => seen.includes('outcome="timed_out"'),
  )
  assert.match(text, /job_runs_total\{job="good",outcome="done"\} 1\n/)
  assert.match(text, /job_runs_total\{job="hangs",outcome="timed_out"\} 1\n/)
  assert.match(text, /job_last_success_timestamp_seconds\{job="good"\} \d+/)
  assert.doesNotMatch(text, /job_last_success_timestamp_seconds\{job="throws"\}/)
})

test('what comes back after its time is up counts for nothing, not even in a transaction', async () => {
  await sql`create table if not exists effect (what text)`.execute(db)
  const late: string[] = []
  const slow = job(
    'slow',
    async context => {
      await ended('slow', 1)
      await context.commit(tx => sql`insert into effect values ('late')`.execute(tx)).catch(err => late.push(err.message))
      return { late: true }
    },
    { timeoutMs: 200 },
  )
  await schedule(slow)
  await control.requestRun('slow')
  await eventually(
    async () => late,
    all => all.length > 0,
  )
  assert.deepEqual(late, ['this run is held by another process, or over'])
  assert.deepEqual(
    (await runs('slow')).map(run => [run.outcome, run.report]),
    [['timed_out', null]],
  )
  assert.deepEqual((await sql`select * from effect`.execute(db)).rows, [])
})

test('the effect of a job and the end of its run happen together or not at all', async () => {
  await sql`create table if not exists effect (what text)`.execute(db)
  await sql`delete from effect`.execute(db)
  const both = job(
    'both',
    context =>
      context.commit(async tx => {
        await sql`insert into effect values (${`attempt ${context.attempt}`})`.execute(tx)
        if (context.attempt === 1) throw new Error('after the effect')
        return { rows: 1 }
      }),
    { retries: 1, backoffMs: 50 },
  )
  const { metrics } = await schedule(both)
  await control.requestRun('both')
  const [run] = await ended('both', 1)
  assert.deepEqual([run?.outcome, run?.attempt, run?.report], ['done', 2, { rows: 1 }])
  assert.deepEqual((await sql`select what from effect`.execute(db)).rows, [{ what: 'attempt 2' }])
  assert.match(metrics.text(), /job_runs_total\{job="both",outcome="retried"\} 1\n/)
})

test('what fails is tried again as often as the job says, later each time', async () => {
  const moments: number[] = []
  const flaky = job(
    'flaky',
    async () => {
      moments.push(performance.now())
      throw new Error('not yet')
    },
    { retries: 2, backoffMs: 200 },
  )
  await schedule(flaky)
  await control.requestRun('flaky')
  const [run] = await ended('flaky', 1)
  assert.deepEqual([run?.outcome, run?.attempt, run?.message], ['failed', 3, 'not yet'])
  const [first, second, third] = moments as [number, number, number]
  // With a random number of one half, three quarters of 200 and of 400 ms.
  assert.ok(second - first >= 149 && third - second >= 299, `${second - first}, ${third - second}`)
})

test('waits double, never the same for two, up to five minutes', () => {
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

test('the run of a process that is gone is taken over, and the one it was taken from is refused', async () => {
  const said: string[] = []
  let taken: Promise<unknown> | undefined
  const hold = job('hold', async context => {
    if (context.attempt > 1) return context.commit(async () => ({ attempt: context.attempt }))
    taken = (async () => {
      await eventually(
        () => runs('hold'),
        all => (all[0]?.attempt ?? 0) > 1,
      )
      await context.commit(async () => ({ attempt: 1 })).catch(err => said.push(err.message))
    })()
    return taken as Promise<undefined>
  })
  // It never renews its lease, as if it had been frozen.
  await schedule(hold, { leaseMs: 300, heartbeatMs: 60_000 })
  await control.requestRun('hold')
  await eventually(
    () => runs('hold'),
    all => all[0]?.state === 'running',
  )
  await schedule(hold)
  const [run] = await ended('hold', 1)
  assert.deepEqual([run?.outcome, run?.attempt, run?.report], ['done', 2, { attempt: 2 }])
  const first = (await sql<{ value: bigint }>`select last_value as value from job_fence`.execute(db)).rows[0]?.value
  assert.equal(run?.fence, first, 'the later claim has the higher fence')
  await eventually(
    async () => said,
    all => all.length === 1,
  )
  assert.equal(said.length, 1)
  for (const message of said) assert.match(message, /held by another process/)
})

test('a job that is in no code any more is marked, and forgotten a month after it was first missed', async () => {
  const [stays, goes] = [job('stays', async () => {}), job('goes', async () => {})]
  const marks = async () => (await control.list()).map(({ name, removed, next_slot }) => [name, removed, next_slot !== null])
  const bothThere = [
    ['goes', false, true],
    ['stays', false, true],
  ]
  const monthPasses = () => sql`update job set removed_at = removed_at - interval '31 days'`.execute(db)
  await schedule([stays, goes])
  await control.requestRun('goes')
  await ended('goes', 1)
  for (let processes = 2; processes > 0; processes--) await schedule([stays, goes])
  assert.deepEqual(await marks(), bothThere)
  // However long they have run: the month begins when a process starts without it.
  await monthPasses()
  const oneMissed = [
    ['goes', true, false],
    ['stays', false, true],
  ]
  await schedule(stays)
  assert.deepEqual(await marks(), oneMissed)
  // Whoever starts with it within a month, or later but before anybody else, has it again.
  await schedule([stays, goes])
  assert.deepEqual(await marks(), bothThere)
  await schedule(stays)
  await monthPasses()
  await schedule([stays, goes])
  assert.deepEqual(await marks(), bothThere)
  await schedule(stays)
  await schedule(stays)
  assert.deepEqual(await marks(), oneMissed)
  assert.equal((await runs('goes')).length, 1)
  await monthPasses()
  await schedule(stays)
  assert.deepEqual(await marks(), [['stays', false, true]])
  await assert.rejects(runs('goes'), /no job called/)
  assert.equal((await db.selectFrom('job_run').selectAll().execute()).length, 0)
})

test('versions with other jobs start at the same moment, and none is in the way of another', async () => {
  const [old, other] = [job('old', async () => {}), job('other', async () => {})]
  for (let round = 0; round < 10; round++) {
    await sql`delete from job`.execute(db)
    await declareJobs(db, [old, other], 'UTC')
    await Promise.all([old, other, old, other].map(one => declareJobs(db, [one], 'UTC')))
    assert.equal((await control.list()).filter(one => one.removed).length, 1)
  }
})

test('a run that ends its process each time is given up in the end', async () => {
  const deadly = job('deadly', async () => {})
  const { scheduler } = await schedule(deadly)
  await scheduler.stop()
  await sql`insert into job_run (job, slot, state, fence, lease_until, attempt) values ('deadly', now(), 'running', 1, now() - interval '1 s', 10)`.execute(
    db,
  )
  const { metrics } = await schedule(deadly)
  const [run] = await ended('deadly', 1)
  assert.deepEqual([run?.outcome, run?.message], ['failed', 'given up: the process that ran it ended 10 times'])
  assert.match(metrics.text(), /job_runs_total\{job="deadly",outcome="failed"\} 1\n/)
})

test('a run that somebody else holds is told to stop as soon as that is noticed', async () => {
  const reasons: string[] = []
  const taken = job('taken', ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))))
  const watched = { ...taken, run: (context: JobContext) => taken.run(context).catch(err => void reasons.push(err.message)) }
  const { metrics } = await schedule(watched)
  await control.requestRun('taken')
  await eventually(
    () => runs('taken'),
    all => all[0]?.state === 'running',
  )
  await sql`update job_run set fence = nextval('job_fence'), lease_until = now() + interval '1 hour'`.execute(db)
  await eventually(
    async () => reasons,
    all => all.length > 0,
  )
  assert.deepEqual(reasons, ['the run is over: lost'])
  assert.match(metrics.text(), /job_runs_total\{job="taken",outcome="lost"\} 1\n/)
  assert.equal((await runs('taken'))[0]?.state, 'running', 'the other one goes on')
})

test('however many processes look at once, what may not overlap runs one by one', async () => {
  let now = 0
  let most = 0
  const alone = job(
    'alone',
    async () => {
      most = Math.max(most, ++now)
      await pause(5)
      now--
    },
    { overlap: 'queue' },
  )
  const first = await schedule(alone)
  await first.scheduler.stop()
  await sql`insert into job_run (job, slot, state) select 'alone', to_timestamp(i), 'waiting' from generate_series(1, 60) i`.execute(db)
  await Promise.all(Array.from({ length: 8 }, () => schedule(alone)))
  await ended('alone', 60)
  assert.equal(most, 1)
  assert.equal((await runs('alone')).filter(run => run.attempt !== 1).length, 0)
})

test('a process that is told to stop gives back what goes on, and another begins it at once', async () => {
  const attempts: string[] = []
  const long = (who: string) =>
    job('long', async ({ attempt, signal }) => {
      attempts.push(`${who} ${attempt}`)
      if (who === 'first') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
  const stubborn = (who: string) =>
    job('stubborn', async ({ attempt }) => {
      attempts.push(`${who} ${attempt} stubborn`)
      if (who === 'first') await new Promise(() => {})
    })
  const { scheduler } = await schedule([long('first'), stubborn('first')], { leaseMs: 60_000 })
  await control.requestRun('long')
  await control.requestRun('stubborn')
  await eventually(
    async () => attempts,
    all => all.length === 2,
  )
  await schedule([long('second'), stubborn('second')])
  await scheduler.stop()
  const lists = await Promise.all([ended('long', 1), ended('stubborn', 1)])
  assert.ok(
    lists.every(([run]) => run?.state === 'ended'),
    'long before the minute of its lease is over',
  )
  assert.deepEqual(attempts.toSorted(), ['first 1', 'first 1 stubborn', 'second 1', 'second 1 stubborn'], 'giving back is no failure')
})

test('no process runs more at once than it may', async () => {
  let now = 0
  let most = 0
  const jobs = Array.from({ length: 6 }, (_, i) =>
    job(`job-${i}`, async () => {
      most = Math.max(most, ++now)
      await pause(100)
      now--
    }),
  )
  await schedule(jobs, { concurrency: 2 })
  for (const { name } of jobs) await control.requestRun(name)
  await Promise.all(jobs.map(({ name }) => ended(name, 1)))
  assert.equal(most, 2)
})

test('a paused job runs only when it is asked to, and resumed it makes up for nothing', async () => {
  const minutely = job('minutely', async () => {}, { schedule: '* * * * *', catchUp: { all: 100 } })
  await schedule(minutely)
  await control.change('minutely', { paused: true })
  await ago('minutely', 10 * MINUTE)
  await control.requestRun('minutely')
  await ended('minutely', 1)
  await pause(1_200)
  assert.deepEqual(
    (await runs('minutely')).map(run => run.asked),
    [true],
  )
  const resumed = Date.now()
  const { next_slot } = await control.change('minutely', { paused: false })
  assert.ok((next_slot as Date).getTime() > resumed - SECOND)
  await pause(200)
  assert.equal((await runs('minutely')).filter(run => run.slot.getTime() < resumed - 2 * MINUTE).length, 0)
})

test('a job is given another schedule while it runs, and its own one back', async () => {
  const seen: Date[] = []
  await schedule(job('moving', async ({ slot }) => void seen.push(slot)))
  const changed = await control.change('moving', { schedule: 'every  100ms' })
  assert.equal(changed.schedule, 'every 100ms')
  await eventually(
    async () => seen,
    all => all.length >= 3,
  )
  assert.ok(seen.length >= 3)
  assert.equal((await control.change('moving', { schedule: null })).schedule, null)
  await eventually(
    () => runs('moving'),
    all => all.every(run => run.state === 'ended'),
  )
  const after = seen.length
  await pause(300)
  assert.equal(seen.length, after)
  await assert.rejects(control.change('moving', { schedule: 'at 2020-01-01T00:00:00Z' }), /no slot any more/)
  await assert.rejects(control.change('nothing', { paused: true }), /There is no job called "nothing"/)
})

test('a schedule in the table that nobody can read does not stop the others', async () => {
  await schedule([job('broken', async () => {}, { schedule: 'every 100ms' }), job('fine', async () => {}, { schedule: 'every 100ms' })])
  await sql`update job set schedule = 'whenever' where name = 'broken'`.execute(db)
  const before = (await runs('fine')).length
  await eventually(
    () => runs('fine'),
    all => all.length > before + 5,
  )
  assert.ok((await runs('fine')).length > before + 5)
})

test('asked for by many at once, as many runs happen as were asked for', async () => {
  let ran = 0
  await schedule(job('asked', async () => void ran++, { overlap: 'allow' }))
  const slots = await Promise.all(Array.from({ length: 20 }, () => control.requestRun('asked')))
  assert.equal(new Set(slots.map(Number)).size, 20)
  await ended('asked', 20)
  assert.equal(ran, 20)
  const last = await control.waitForRun('asked', slots[0] as Date, PATIENCE_MS)
  assert.equal(last.outcome, 'done')
})

test('of each job the newest runs are kept', async () => {
  const { scheduler } = await schedule(job('old', async () => {}))
  await scheduler.stop()
  await sql`insert into job_run (job, slot, state, outcome) select 'old', to_timestamp(i), 'ended', 'done' from generate_series(1, 30) i`.execute(
    db,
  )
  await sql`insert into job_run (job, slot, state) values ('old', to_timestamp(0), 'waiting')`.execute(db)
  let dropped = 0
  for (let step = 1; step > 0; dropped += step) step = await deleteOldRuns(db, { keep: 10, limit: 7 })
  assert.equal(dropped, 20)
  assert.deepEqual(
    (await runs('old')).map(run => run.slot.getTime() / 1000),
    [30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 0],
  )
})
