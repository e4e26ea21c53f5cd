import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { declareJobs } from './declare-jobs.ts'
import { createJobsFixture, job } from './scheduler.fixture.ts'

const { db, control, start, listRuns, waitForEnded } = await createJobsFixture()

test('a job that the code no longer has is marked as removed, and deleted a month after that', async () => {
  const [stays, goes] = [job('stays', async () => {}), job('goes', async () => {})]
  const listJobs = async () => (await control.list()).map(({ name, removed, next_slot }) => [name, removed, next_slot !== null])
  const passMonth = () => sql`update job set removed_at = removed_at - interval '31 days'`.execute(db)
  const bothPresent = [
    ['goes', false, true],
    ['stays', false, true],
  ]
  const oneRemoved = [
    ['goes', true, false],
    ['stays', false, true],
  ]
  await start([stays, goes])
  await control.requestRun('goes')
  await waitForEnded('goes', 1)
  for (let processes = 2; processes > 0; processes--) await start([stays, goes])
  assert.deepEqual(await listJobs(), bothPresent)
  // However long they have run: the month begins when a process starts without the job.
  await passMonth()
  await start(stays)
  assert.deepEqual(await listJobs(), oneRemoved)
  // A process that starts with the job brings it back, also after a month if none has started without it meanwhile.
  await start([stays, goes])
  assert.deepEqual(await listJobs(), bothPresent)
  await start(stays)
  await passMonth()
  await start([stays, goes])
  assert.deepEqual(await listJobs(), bothPresent)
  await start(stays)
  await start(stays)
  assert.deepEqual(await listJobs(), oneRemoved)
  assert.equal((await listRuns('goes')).length, 1)
  await passMonth()
  await start(stays)
  assert.deepEqual(await listJobs(), [['stays', false, true]])
  await assert.rejects(listRuns('goes'), /no job called/)
  assert.equal((await db.selectFrom('job_run').selectAll().execute()).length, 0)
})

test('versions with different jobs that start at the same moment do not deadlock', async () => {
  const [old, other] = [job('old', async () => {}), job('other', async () => {})]
  for (let round = 0; round < 10; round++) {
    await sql`delete from job`.execute(db)
    await declareJobs(db, [old, other], 'UTC')
    await Promise.all([old, other, old, other].map(one => declareJobs(db, [one], 'UTC')))
    assert.equal((await control.list()).filter(row => row.removed).length, 1)
  }
})
