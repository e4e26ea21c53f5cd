// Jobs, for administrators: list, pause, resume, reschedule, run now.

import { Type } from 'typebox'
import { changedFields } from '../../base/changed-fields.ts'
import { invalid } from '../../base/problem.ts'
import type { JobRow } from '../../engines/jobs/control.sql.ts'
import type { JobControl } from '../../engines/jobs/control.ts'
import { toJobView, toRunView } from '../../engines/jobs/views.ts'
import { operatorOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Envelope, Int, Optional } from '../../http/wire.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { JobView, RunView } from './jobs.schema.ts'

const JobParams = Type.Object({ name: Type.String({ pattern: '^[a-z0-9-]{1,100}$' }) })
const SCHEDULE = { refusal: 'schedule must be text of at most 200 characters, or null for the schedule the job declares' }
const JobPatch = Type.Object({
  paused: Optional(Bool()),
  schedule: Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 200, ...SCHEDULE })),
})
const RunBody = Type.Union([Type.Object({ wait: Optional(Bool()) }), Type.Null()])
const RunsQuery = Type.Object({ limit: Optional(Int(1, 1_000)) })

const RUNS_DEFAULT = 50
const WAIT_MS = 30_000 // load balancers and clients commonly give up after a minute
const READ = { access: 'admin', permission: 'job-list-get' } as const
const WRITE = { access: 'admin', permission: 'job-list-put' } as const

export const jobRoutes =
  (jobs: JobControl, record: OperationLog['record']): Routes =>
  async server => {
    server.get('/jobs', { config: READ, schema: { response: { 200: Envelope(Type.Array(JobView)) } } }, async () => ({
      message: 'OK' as const,
      data: (await jobs.list()).map(toJobView),
    }))

    server.patch(
      '/jobs/:name',
      { config: { ...WRITE, refuses: ['invalid'] }, schema: { params: JobParams, body: JobPatch, response: { 200: Envelope(JobView) } } },
      async request => {
        const { params, body } = request
        if (body.paused === undefined && body.schedule === undefined) throw invalid('paused or schedule is required')
        const stateOf = ({ paused, schedule }: JobRow) => ({ paused, schedule })
        const before = (await jobs.list()).find(job => job.name === params.name)
        const after = await jobs.change(params.name, body)
        const states = changedFields(stateOf(before ?? after), stateOf(after))
        await record(operatorOf(request), { operation: 'change job', description: params.name, ...states })
        return { message: 'OK' as const, data: toJobView(after) }
      },
    )

    // 201 if the run has ended, 202 if it is still waiting or running.
    server.post(
      '/jobs/:name/runs',
      { config: WRITE, schema: { params: JobParams, body: RunBody, response: { 201: Envelope(RunView), 202: Envelope(RunView) } } },
      async (request, reply) => {
        const { params, body } = request
        const slot = await jobs.requestRun(params.name)
        await record(operatorOf(request), { operation: 'run job', description: params.name })
        const run = await jobs.waitForRun(params.name, slot, body?.wait ? WAIT_MS : 0)
        return reply.code(run.state === 'ended' ? 201 : 202).send({ message: 'OK', data: toRunView(params.name, run) })
      },
    )

    server.get(
      '/jobs/:name/runs',
      { config: READ, schema: { params: JobParams, querystring: RunsQuery, response: { 200: Envelope(Type.Array(RunView)) } } },
      async ({ params, query }) => ({
        message: 'OK' as const,
        data: (await jobs.listRuns(params.name, query.limit ?? RUNS_DEFAULT)).map(run => toRunView(params.name, run)),
      }),
    )
  }
