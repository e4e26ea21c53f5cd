import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eventually } from '../../../test/support/waiting.ts'
import type { JobContext } from '../../base/job.ts'
import { createJobsFixture, job } from './scheduler.fixture.ts'

const { db, control, start, listRuns, waitForEnded, waitForRunning } = await createJobsFixture()

test('a run whose lease is over is taken over, and the commit of its first worker is refused', async () => {
  const refusals: string[] = []
  const takenOver = job('taken-over', async context => {
    if (context.attempt > 1) return context.commit(async () => ({ attempt: context.attempt }))
    await eventually(
      () => listRuns('taken-over'),
      runs => (runs[0]?.attempt ?? 0) > 1,
    )
    await context.commit(async () => ({ attempt: 1 })).catch(err => refusals.push(err.message))
    return undefined
  })
  // It never renews its lease, as if the process had been frozen.
  await start(takenOver, { leaseMs: 300, heartbeatMs: 60_000 })
  await control.requestRun('taken-over')
  await waitForRunning('taken-over')
  await start(takenOver)
  const [run] = await waitForEnded('taken-over', 1)
  assert.deepEqual([run?.outcome, run?.attempt, run?.report], ['done', 2, { attempt: 2 }])
  const newestFence = (await sql<{ value: bigint }>`select last_value as value from job_fence`.execute(db)).rows[0]?.value
  assert.equal(run?.fence, newestFence, 'the later claim has the higher fence')
  await eventually(
    async () => refusals,
    all => all.length === 1,
  )
  assert.match(refusals[0] as string, /held by another process/)
})

test('a run that ends its process at every attempt is given up', async () => {
  const deadly = job('deadly', async () => {})
  const { scheduler } = await start(deadly)
  await scheduler.stop()
  await sql`insert into job_run (job, slot, state, fence, lease_until, attempt) values ('deadly', now(), 'running', 1, now() - interval '1 s', 10)`.execute(
    db,
  )
  const { metrics } = await start(deadly)
  const [run] = await waitForEnded('deadly', 1)
  assert.deepEqual([run?.outcome, run?.message], ['failed', 'given up: the process that ran it ended 10 times'])
  assert.match(await metrics.text(), /job_runs_total\{job="deadly",outcome="failed"\} 1\n/)
})

test('a job whose run another worker has claimed is told to stop at the next heartbeat', async () => {
  const reasons: string[] = []
  const lost = job('lost', (context: JobContext) =>
    new Promise<undefined>((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason))).catch(
      err => void reasons.push(err.message),
    ),
  )
  const { metrics } = await start(lost)
  await control.requestRun('lost')
  await waitForRunning('lost')
  await sql`update job_run set fence = nextval('job_fence'), lease_until = now() + interval '1 hour'`.execute(db)
  await eventually(
    async () => reasons,
    all => all.length > 0,
  )
  assert.deepEqual(reasons, ['the run is over: lost'])
  assert.match(await metrics.text(), /job_runs_total\{job="lost",outcome="lost"\} 1\n/)
  assert.equal((await listRuns('lost'))[0]?.state, 'running', 'the other worker goes on')
})
