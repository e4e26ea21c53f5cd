// An experiment from its start to its end, on rows.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { createRowWriter } from '../../../test/support/product-rows.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Job, JobContext } from '../../base/job.ts'
import { createMetrics } from '../../base/metrics.ts'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { createAssignedViewers } from './assigned-viewers.ts'
import { ARMS, type Arm, armOf } from './assignment.ts'
import { addOutcomes, countNext, noteBefore } from './counting.sql.ts'
import { type ExperimentRow, findRunning } from './experiments.sql.ts'
import { createExperiments, type StartRequest } from './experiments.ts'
import { createExperimentJob, finish, followExperiment } from './follow-job.ts'
import { startTrial } from './trial.ts'
import type { Metric } from './verdict.ts'

const { db, close } = await testDatabase()
cleanup(close)
const {
  list,
  start: begin,
  grow,
  stop,
} = createExperiments({
  db,
  findArms: async (_tx, treatmentPolicy) => ({ controlPolicy: 0, treatmentPolicy }),
})
const experiments = {
  start: (request: StartRequest) => db.transaction().execute(tx => begin(tx, request)),
  grow: (share: number) => db.transaction().execute(tx => grow(tx, share)),
  stop: (reason?: string) => db.transaction().execute(tx => stop(tx, reason)),
}
const viewers = Array.from({ length: 400 }, (_, i) => `r${10_000 + i}`)
let articles: ArticleId[]
let nextPage = 1n
let nextKey = 0

before(async () => {
  const rows = createRowWriter(db)
  const channel = await rows.insertChannel('a')
  articles = await rows.insertArticles(Array.from({ length: 4 }, () => ({ channel })))
  articles.push(...(await rows.insertArticles(Array.from({ length: 6 }, () => ({ channel }))))) // of another author
})

beforeEach(async () => {
  await sql`delete from experiment`.execute(db)
  await sql`delete from page`.execute(db)
  await sql`delete from behaviour`.execute(db)
})

const running = async () => (await findRunning(db)) as ExperimentRow
const views = async () => list()

const CONTEXT = { signal: new AbortController().signal } as JobContext

/** A transaction of another test file, in the same PostgreSQL, may hold up the logs. */
async function untilLogsAreReadable(): Promise<void> {
  const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(db)
  await eventually(
    () => sql`select where pg_snapshot_xmin(pg_current_snapshot()) > ${rows[0]?.xid}::xid8`.execute(db),
    found => found.rows.length > 0,
  )
}

async function follow(experiment: ExperimentRow) {
  await untilLogsAreReadable()
  return followExperiment(db, experiment)
}

async function runJob(job: Job) {
  await untilLogsAreReadable()
  return job.run(CONTEXT)
}

/** Starts one that counts at once. */
async function start(share = 0.5): Promise<ExperimentRow> {
  await experiments.start({ name: 'more new articles', policy: 1, share })
  // With a key of its own who is in which arm would be another draw in each run, and one in some hundred looks lopsided.
  const key = createHash('sha256').update(String(nextKey++)).digest('hex')
  await sql`update experiment set counted_from = now(), key = ${key} where state = 'running'`.execute(db)
  return running()
}

interface Served {
  arm: Arm | null
  viewer: string
  clicks: number
  articleIds?: ArticleId[]
}

/** Stores a page for each of these, with its clicks. */
async function serve(served: readonly Served[]): Promise<void> {
  const rows = served.map(({ arm, viewer, clicks, articleIds = articles }) => {
    const id = nextPage++
    return { id: String(id), viewer, arm: arm && ARMS.indexOf(arm), clicks, ids: articleIds.map(String) }
  })
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given (id bigint, viewer text, arm smallint, clicks int, ids bigint[])
    ), pages as (
      insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy, arm)
      select id, viewer, 0, id, id * 2, id * 2 - 1, ids, array_fill(0::smallint, array[10]), array_fill(1000::smallint, array[10]), 1, arm from given
    )
    insert into behaviour (id, action, viewer, article_id, page_id)
    select gen_random_uuid(), 'click', viewer, clicked, id from given cross join unnest(ids[1:clicks]) clicked`.execute(db)
}

/** A page for every viewer of the experiment. */
function pagesOf(experiment: ExperimentRow, clicksOf: (arm: Arm, i: number) => number): Served[] {
  return viewers.flatMap((viewer, i) => {
    const arm = armOf(experiment, viewer)
    return arm ? [{ arm, viewer, clicks: clicksOf(arm, i) }] : []
  })
}

const ratesOf = (arm: Arm, metrics: Metric[]) => async () => {
  const [view] = await views()
  return metrics.map(metric => view?.arms[arm]?.rates[metric])
}

test('pages and clicks of each arm are counted once, those before it or of no arm never', async () => {
  await serve([{ arm: 'control', viewer: 'r1', clicks: 2 }])
  const experiment = await start()
  await serve([{ arm: null, viewer: 'r2', clicks: 5 }])
  await serve([{ arm: 'control', viewer: 'r3', clicks: 5 }]) // before all processes have heard of it
  await sql`update page set made_at = made_at - interval '1 minute' where viewer = 'r3'`.execute(db)
  await serve(pagesOf(experiment, arm => (arm === 'control' ? 3 : 4)))
  for (let i = 0; i < 2; i++) await follow(experiment)
  await serve(pagesOf(experiment, () => 5).slice(0, 100))
  const [{ arms, verdict }] = (await views()) as [Awaited<ReturnType<typeof views>>[0]]
  const served = pagesOf(experiment, () => 0)
  for (const arm of ARMS) {
    const own = served.filter(page => page.arm === arm).length
    assert.deepEqual([arms[arm]?.viewers, arms[arm]?.pages, arms[arm]?.rates.clicks], [own, own, arm === 'control' ? 3 : 4])
    assert.equal(arms[arm]?.rates.diversity, 0.2, 'two authors for ten places')
  }
  assert.equal(verdict, 'better')
  await follow(experiment)
  const [after] = await views()
  assert.equal((after?.arms.control?.pages ?? 0) + (after?.arms.treatment?.pages ?? 0), served.length + 100)
})

test('a device of its first week is in no figure', async () => {
  const experiment = await start()
  await serve([{ arm: 'control', viewer: 'dphone', clicks: 0 }])
  await follow(experiment)
  assert.equal((await views())[0]?.arms.control?.viewers, 0)
})

test('an experiment whose treatment is clicked less ends by itself; one that is clicked more goes on until an operator decides', async () => {
  const random = createSeededRandom('clicks')
  const clicks = (mean: number) => Math.max(0, Math.min(9, Math.round(mean + random.normal())))
  const good = await start()
  await serve(pagesOf(good, arm => clicks(arm === 'treatment' ? 5 : 4)))
  assert.equal((await follow(good)).verdict, 'better')
  assert.equal((await running()).id, good.id)
  await experiments.stop()

  const bad = await start()
  await serve(pagesOf(bad, arm => clicks(arm === 'treatment' ? 4 : 5)))
  assert.equal((await follow(bad)).verdict, 'worse')
  const [view] = await views()
  assert.deepEqual([view?.state, view?.verdict], ['ended', 'worse'])
  assert.match(view?.reason ?? '', /^clicks a page: \d\.\d{3} in the treatment, \d\.\d{3} in the control$/)
})

test('a planted difference of equal arms is refused: one that loses half of its viewers, and one with viewers of the other', async () => {
  const losing = await start()
  await serve(pagesOf(losing, (_, i) => i % 3).filter(({ arm }, i) => arm === 'control' || i % 2 === 0))
  assert.equal((await follow(losing)).verdict, 'refused')
  assert.match((await views())[0]?.reason ?? '', /^\d+ of \d+ viewers are in the treatment, expected \d+$/)
  assert.equal(await findRunning(db), undefined)

  const mixed = await start()
  const pages = pagesOf(mixed, (_, i) => i % 3)
  await serve([...pages, ...pages.slice(0, 40).map(page => ({ ...page, arm: page.arm === 'control' ? 'treatment' : 'control' }) as Served)])
  assert.equal((await follow(mixed)).verdict, 'refused')
  assert.equal((await views())[0]?.reason, '40 viewers are in both arms')
})

test('failing and slow rankings, complaints and pages of one author end it', async () => {
  const isTreated = (experiment: ExperimentRow, viewer: string) => armOf(experiment, viewer) === 'treatment'
  const plants: Record<string, (experiment: ExperimentRow) => Promise<unknown>> = {
    failures: experiment => noteOutcomes(experiment, viewer => ({ failed: Number(isTreated(experiment, viewer)), slow: 0 })),
    slowness: experiment => noteOutcomes(experiment, viewer => ({ failed: 0, slow: Number(isTreated(experiment, viewer)) })),
    complaints: async experiment => {
      await follow(experiment) // who has no page yet is in no arm
      const mute = sql`muted_words = array['${sql.raw('x')}']`
      await sql`insert into dial (viewer, muted_words) select viewer, array['x'] from unnest(${viewers.filter(viewer => isTreated(experiment, viewer))}::text[]) viewer`.execute(
        db,
      )
      await sql`update dial set ${mute}, language = 'zh'`.execute(db) // no new complaint
    },
    diversity: experiment =>
      serve(pagesOf(experiment, () => 2).map(page => (page.arm === 'treatment' ? { ...page, articleIds: articles.slice(4) } : page))),
  }
  for (const [guard, plant] of Object.entries(plants)) {
    const experiment = await start()
    await serve(pagesOf(experiment, (_, i) => i % 3))
    await plant(experiment)
    assert.equal((await follow(experiment)).verdict, 'harmful', guard)
    assert.match((await views())[0]?.reason ?? '', new RegExp(`^${guard}: `))
  }
  assert.deepEqual(await ratesOf('control', ['complaints'])(), [0])
})

test('invented devices end no experiment: what they complain of, and how their rankings went, is in no figure', async () => {
  const experiment = await start()
  await serve(pagesOf(experiment, () => 1))
  const invented = Array.from({ length: 40 }, (_, i) => ({ viewer: `dinvented-${i}`, arm: 'treatment' as const }))
  await addOutcomes(
    db,
    experiment.id,
    invented.map(each => ({ ...each, rankings: 9, failed: 9, slow: 9 })),
  )
  // Readers are known, but one without a page has nothing to complain of.
  const pageless = Array.from({ length: 40 }, (_, i) => ({
    viewer: `r${20_000 + i}`,
    arm: 'treatment' as const,
    rankings: 1,
    failed: 0,
    slow: 0,
  }))
  await addOutcomes(db, experiment.id, pageless)
  const complaining = [...invented, ...pageless].map(({ viewer }) => viewer)
  for (let i = 1; i <= 10; i++)
    await sql`
      insert into dial (viewer, muted_words) select viewer, array_fill('x'::text, array[${i}::int]) from unnest(${complaining}::text[]) viewer
      on conflict (viewer) do update set muted_words = excluded.muted_words`.execute(db)
  assert.notEqual((await follow(experiment)).verdict, 'harmful')
  const [view] = await views()
  assert.deepEqual([view?.arms.treatment?.rates.failures, view?.arms.treatment?.rates.complaints], [0, 0])
  const { rows } = await sql`select from experiment_viewer where viewer like 'd%'`.execute(db)
  assert.equal(rows.length, 0)
})

test('the job and recommenders write the same viewers in other orders, and none of them has to give up', async () => {
  const [early = '', late = ''] = viewers
  const writers: ((experiment: ExperimentRow) => Promise<unknown>)[] = [
    ({ id }) =>
      addOutcomes(
        db,
        id,
        [early, late].map(viewer => ({ viewer, arm: 'control', rankings: 1, failed: 0, slow: 0 })),
      ),
    ({ id }) => noteBefore(db, id, 100),
  ]
  for (const write of writers) {
    const experiment = await start()
    const pageOf = (viewer: string) => serve([{ viewer, arm: 'control', clicks: 0 }])
    for (const viewer of [early, late]) await pageOf(viewer)
    await untilLogsAreReadable()
    await db.transaction().execute(tx => countNext(tx, experiment.id, 10))
    for (const viewer of [late, early]) await pageOf(viewer)
    await untilLogsAreReadable()
    let written: Promise<unknown> | undefined
    await db.transaction().execute(async tx => {
      await countNext(tx, experiment.id, 1)
      written = write(experiment)
      await untilOneWaits()
      await countNext(tx, experiment.id, 1)
    })
    await written
    const { rows } = await sql`select from experiment_viewer where experiment_id = ${experiment.id} and pages = 2`.execute(db)
    assert.equal(rows.length, 2)
    await experiments.stop()
  }
})

test('the change log tells that an experiment starts and ends, not that it is counted', async () => {
  const countChanges = async () => (await sql`select from change where topic = 'policy'`.execute(db)).rows.length
  const none = await countChanges()
  const experiment = await start()
  assert.equal(await countChanges(), none + 1)
  await serve(pagesOf(experiment, () => 1))
  await follow(experiment)
  assert.equal((await views())[0]?.arms.control?.rates.clicks, 1)
  assert.equal(await countChanges(), none + 1)
  await experiments.stop()
  assert.equal(await countChanges(), none + 2)
})

test('an operator who stops an experiment while the job ends it is told so, and each end is counted for who made it', async () => {
  const metrics = createMetrics()
  const job = createExperimentJob({ db, metrics })
  const endedByJob = async () => (await metrics.text()).split('\n').filter(line => line.startsWith('experiments_ended_total{'))

  const first = await start()
  let stopped: Promise<unknown> | undefined
  await db.transaction().execute(async tx => {
    await finish(tx, first, 'better', 'clicked more')
    stopped = assert.rejects(experiments.stop('it is bad'), /the experiment has ended/)
    await untilOneWaits()
  })
  await stopped
  assert.equal((await views())[0]?.reason, 'clicked more')

  const second = await start()
  await serve(pagesOf(second, arm => (arm === 'control' ? 4 : 1)))
  await untilLogsAreReadable()
  let followed: Promise<unknown> | undefined
  await db.transaction().execute(async tx => {
    await finish(tx, second, 'stopped', 'enough')
    followed = job.run(CONTEXT) as Promise<unknown>
    await untilOneWaits()
  })
  await followed
  assert.deepEqual(await endedByJob(), [])
})

test('what came before all processes have heard of it does not count; what is stored of one that has ended is deleted while another runs', async () => {
  const job = createExperimentJob({ db, metrics: createMetrics() })
  const ended = await start()
  await serve(pagesOf(ended, () => 1))
  await follow(ended)
  const complain = async (viewer: string) => sql`insert into complaint (viewer) values (${viewer})`.execute(db)
  await complain('r1')
  await experiments.stop()

  await experiments.start({ name: 'next', policy: 1, share: 0.5 })
  const next = await running()
  const { viewer, arm } = pagesOf(next, () => 0)[0] as { viewer: string; arm: Arm }
  await complain(viewer)
  await addOutcomes(db, next.id, [{ viewer, arm, rankings: 1, failed: 1, slow: 1 }])
  await sql`update experiment set counted_from = now() where state = 'running'`.execute(db)
  await addOutcomes(db, next.id, [{ viewer, arm, rankings: 1, failed: 0, slow: 0 }])
  await serve([{ viewer, arm, clicks: 0 }])
  await runJob(job)
  assert.deepEqual(await ratesOf(arm, ['failures', 'complaints'])(), [0, 0])
  const { rows } = await sql<{ of: bigint }>`select distinct experiment_id as of from experiment_viewer`.execute(db)
  assert.deepEqual(rows, [{ of: next.id }])
  assert.deepEqual((await sql`select viewer from complaint`.execute(db)).rows, [{ viewer }])
})

/** Until a transaction of this file waits for another one. */
const untilOneWaits = () =>
  eventually(
    () => sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db),
    ({ rows }) => rows.length > 0,
  )

async function noteOutcomes(experiment: ExperimentRow, of: (viewer: string) => { failed: number; slow: number }): Promise<void> {
  const outcomes = viewers.flatMap(viewer => {
    const arm = armOf(experiment, viewer)
    return arm ? [{ viewer, arm, rankings: 1, ...of(viewer) }] : []
  })
  await addOutcomes(db, experiment.id, outcomes)
}

test('a model on trial that is clicked less is withdrawn, and what is stored of its viewers deleted', async () => {
  const { rows } = await sql<{ id: bigint }>`
    insert into trained_model (state, reason, figures, model) values ('live', '', '{}', 'old'), ('trial', '', '{}', 'new') returning id`.execute(
    db,
  )
  const [live, trial] = rows.map(({ id }) => id) as [bigint, bigint]
  const statesOf = async () =>
    (await sql<{ id: bigint; state: string }>`select id, state from trained_model order by id`.execute(db)).rows.map(({ state }) => state)
  await startTrial(db, trial)
  await sql`update experiment set counted_from = now(), share = 0.3`.execute(db)
  await serve(pagesOf(await running(), arm => (arm === 'control' ? 4 : 1)))
  const metrics = createMetrics()
  const job = createExperimentJob({ db, metrics })
  const { deleted, ...result } = (await runJob(job)) as { deleted: number }
  assert.deepEqual(result, { experiment: String((await views())[0]?.id), verdict: 'worse' })
  assert.ok(deleted > 100)
  assert.deepEqual(await statesOf(), ['live', 'withdrawn'])
  assert.match(await metrics.text(), /experiments_ended_total\{verdict="worse"\} 1/)
  assert.equal(await runJob(job), undefined)

  await sql`update trained_model set state = 'trial', model = 'new' where id = ${trial}`.execute(db)
  await startTrial(db, trial)
  await sql`update experiment set counted_from = now(), share = 0.3 where state = 'running'`.execute(db)
  await serve(pagesOf(await running(), arm => (arm === 'control' ? 1 : 4)))
  assert.equal((await follow(await running())).verdict, 'better')
  assert.deepEqual(await statesOf(), ['replaced', 'live'])
  assert.ok(live < trial)
})

test('arms whose viewers clicked differently before it began are refused: an assignment by what they do', async () => {
  const active = (viewer: string) => Number(viewer.slice(1)) % 2 === 0
  const serveAll = (armOf: (viewer: string) => Arm | null) =>
    serve(viewers.map(viewer => ({ arm: armOf(viewer), viewer, clicks: active(viewer) ? 3 : 1 })))
  await serveAll(() => null)
  const planted = await start()
  // As many viewers in each arm as there should be.
  await serveAll(viewer => (active(viewer) ? 'treatment' : 'control'))
  assert.equal((await follow(planted)).verdict, 'refused')
  const [view] = await views()
  assert.equal(view?.reason, 'the arms differed before it began: clicks a page: 3.000 in the treatment, 1.000 in the control')

  const honest = await start()
  await serve(pagesOf(honest, (_, i) => i % 3))
  assert.equal((await follow(honest)).verdict, 'unknown')
  assert.ok(((await views())[0]?.arms.control?.rates.before ?? 0) > 1)
})

test('in a restored database, whose logs begin anew, the experiment of before is refused', async () => {
  const experiment = await start()
  await sql`update experiment set position = jsonb_set(position, '{lineage}', '"another"') where id = ${experiment.id}`.execute(db)
  assert.equal((await follow(experiment)).verdict, 'refused')
  assert.match((await views())[0]?.reason ?? '', /the database was restored/)
})

test('two experiments at once, an impossible share and a name too long are refused', async () => {
  const request = { name: 'one', policy: 1, share: 0.2 }
  for (const share of [0, -1, 0.6, Number.NaN])
    await assert.rejects(experiments.start({ ...request, share }), /the share of the treatment is from 0.01 to 0.5/)
  await assert.rejects(experiments.start({ ...request, name: 'x'.repeat(61) }), /name must have 1 to 60 characters/)
  await assert.rejects(experiments.start({ ...request, name: ' ' }), /name must have/)
  await assert.rejects(experiments.stop(), /no experiment is running/)
  await experiments.start(request)
  await assert.rejects(experiments.start({ ...request, name: 'two' }), /the experiment "one" is running; stop it first/)
  await assert.rejects(experiments.grow(0.1), /only grows/)
})

test('when the share grows no viewer leaves an arm, the figures begin anew, and all shares together err at most twice as often', async () => {
  const small = await start(0.1)
  await serve(pagesOf(small, () => 1))
  await follow(small)
  await experiments.grow(0.4)
  const large = await running()
  for (const viewer of viewers) {
    const arm = armOf(small, viewer)
    if (arm) assert.equal(armOf(large, viewer), arm)
  }
  assert.ok(pagesOf(large, () => 0).length > pagesOf(small, () => 0).length + 50)
  assert.deepEqual([large.name, large.error, large.figures], [small.name, small.error / 2, null])
  assert.equal((await views())[1]?.reason, 'the share grew to 40 %')
})

test('an experiment that has grown is compared with the days before its first share', async () => {
  await serve(viewers.map((viewer, i) => ({ arm: null, viewer, clicks: i % 3 })))
  const small = await start(0.1)
  // A busier day, of which those who join the treatment later have pages of no arm.
  await serve(viewers.map((viewer, i) => ({ arm: armOf(small, viewer) ?? null, viewer, clicks: 6 + (i % 3) })))
  await follow(small)
  await experiments.grow(0.5)
  await sql`update experiment set counted_from = now() where state = 'running'`.execute(db)
  const large = await running()
  await serve(pagesOf(large, (_, i) => i % 3))
  assert.equal((await follow(large)).verdict, 'unknown')
  for (const arm of ARMS) assert.ok(((await views())[0]?.arms[arm]?.rates.before ?? 9) < 2)
})

test('every process puts a viewer into the same arm, and what its rankings did is added to the rows', async () => {
  const experiment = await start(0.2)
  const processes = [createAssignedViewers(db), createAssignedViewers(db)]
  assert.equal(processes[0]?.of(viewers[0]), undefined, 'before it has heard of it')
  for (const each of processes) await each.load()
  for (const viewer of viewers) {
    const [one, two] = processes.map(each => each.of(viewer))
    assert.equal(one?.arm, armOf(experiment, viewer))
    assert.deepEqual(one, two)
    for (const each of processes) if (one) each.note(viewer, one, { ms: 60, isFailed: one.arm === 'treatment' })
  }
  assert.equal(processes[0]?.of(undefined), undefined)
  for (const each of processes) await each.load()
  assert.deepEqual(
    (await sql`select from experiment_viewer where experiment_id = ${experiment.id}`.execute(db)).rows,
    [],
    'reading writes nothing',
  )
  for (const each of processes) await each.flush()
  const { rows } = await sql`
    select arm, sum(rankings)::int as rankings, sum(failed)::int as failed, sum(slow)::int as slow from experiment_viewer
     where experiment_id = ${experiment.id} group by arm order by arm`.execute(db)
  const [control, treatment] = ARMS.map(arm => 2 * pagesOf(experiment, () => 0).filter(page => page.arm === arm).length)
  assert.deepEqual(rows, [
    { arm: 0, rankings: control, failed: 0, slow: control },
    { arm: 1, rankings: treatment, failed: treatment, slow: treatment },
  ])
  await experiments.stop('enough')
  await processes[0]?.load()
  assert.equal(processes[0]?.of(viewers[0]), undefined)
})
