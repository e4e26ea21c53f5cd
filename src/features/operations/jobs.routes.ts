// What the clock does, for administrators: look, pause, resume, reschedule, run now.

import { Type } from 'typebox'
import { invalid } from '../../base/problem.ts'
import type { JobControl } from '../../engines/jobs/control.ts'
import { toJobView, toRunView } from '../../engines/jobs/views.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Count, Envelope, Int, Optional } from '../../http/wire.ts'

const Moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
const Word = Type.Union([Type.String(), Type.Null()])
const JobView = Type.Object({
  name: Type.String(),
  about: Type.String(),
  schedule: Type.String(),
  own_schedule: Type.String(),
  overlap: Type.String(),
  catch_up: Type.String(),
  paused: Type.Boolean(),
  removed: Type.Boolean(),
  next_slot: Moment,
  last_slot: Moment,
  last_outcome: Word,
  last_success_at: Moment,
  waiting: Count(),
  running: Count(),
  missed: Count(),
})
const RunView = Type.Object({
  job: Type.String(),
  slot: Type.String({ format: 'date-time' }),
  asked: Type.Boolean(),
  state: Type.String(),
  outcome: Word,
  attempt: Count(),
  fence: Word,
  started_at: Moment,
  ended_at: Moment,
  message: Word,
  report: Type.Unknown(),
})

const Named = Type.Object({ name: Type.String({ pattern: '^[a-z0-9-]{1,100}$' }) })
const SCHEDULE = { refusal: 'schedule must be text of at most 200 characters, or null for the one the job has itself' }
const Wish = Type.Object({
  paused: Optional(Bool()),
  schedule: Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 200, ...SCHEDULE })),
})
const Ask = Type.Union([Type.Object({ wait: Optional(Bool()) }), Type.Null()])
const Most = Type.Object({ limit: Optional(Int(1, 1_000)) })

const RUNS = 50
/** Load balancers and clients commonly give up after a minute. */
const WAIT_MS = 30_000
const ADMIN = { access: 'admin' } as const

export const jobRoutes =
  (jobs: JobControl): Routes =>
  async server => {
    server.get('/jobs', { config: ADMIN, schema: { response: { 200: Envelope(Type.Array(JobView)) } } }, async () => ({
      message: 'OK' as const,
      data: (await jobs.list()).map(toJobView),
    }))

    server.patch(
      '/jobs/:name',
      { config: ADMIN, schema: { params: Named, body: Wish, response: { 200: Envelope(JobView) } } },
      async ({ params, body }) => {
        if (body.paused === undefined && body.schedule === undefined) throw invalid('paused or schedule is required')
        return { message: 'OK' as const, data: toJobView(await jobs.change(params.name, body)) }
      },
    )

    // 201 when the run is over, 202 while it is not.
    server.post(
      '/jobs/:name/runs',
      { config: ADMIN, schema: { params: Named, body: Ask, response: { 201: Envelope(RunView), 202: Envelope(RunView) } } },
      async ({ params, body }, reply) => {
        const slot = await jobs.requestRun(params.name)
        const run = await jobs.waitForRun(params.name, slot, body?.wait ? WAIT_MS : 0)
        return reply.code(run.state === 'ended' ? 201 : 202).send({ message: 'OK', data: toRunView(params.name, run) })
      },
    )

    server.get(
      '/jobs/:name/runs',
      { config: ADMIN, schema: { params: Named, querystring: Most, response: { 200: Envelope(Type.Array(RunView)) } } },
      async ({ params, query }) => ({
        message: 'OK' as const,
        data: (await jobs.listRuns(params.name, query.limit ?? RUNS)).map(run => toRunView(params.name, run)),
      }),
    )
  }
