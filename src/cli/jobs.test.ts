import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { before, test } from 'node:test'
import { cleanup } from '../../test/support/cleanup.ts'
import { testDatabase } from '../../test/support/database.ts'
import { silentLog } from '../base/log.ts'
import { createMetrics } from '../base/metrics.ts'
import { type Scheduler, startScheduler } from '../engines/jobs/scheduler.ts'
import { findAdminInputError, readPassword } from './admin.ts'
import { changeJob, jobHistory, listJobs, parseScheduleOperand, runJob } from './jobs.ts'

const { db } = await testDatabase()
const ZONE = 'Asia/Shanghai'
const stderr = { text: '' }
const needs = { db, zone: ZONE, stderr: { write: (text: string) => Boolean((stderr.text += text)) } }
let scheduler: Scheduler

before(async () => {
  const quiet = { about: 'for this test', schedule: '0 3 * * *' }
  scheduler = await startScheduler({
    db,
    zone: ZONE,
    log: silentLog,
    metrics: createMetrics(),
    concurrency: 2,
    random: Math.random,
    jobs: [
      { name: 'good', ...quiet, run: async () => ({ rows: 3 }) },
      { name: 'bad', ...quiet, run: () => Promise.reject(new Error('no luck')) },
    ],
  })
  cleanup(() => scheduler.stop())
})

test('the list has every job with its next run, as a table and as JSON', async () => {
  const { result, lines = '', exitCode } = await listJobs(needs)
  assert.equal(exitCode, 0)
  assert.deepEqual(
    (result as { jobs: { name: string }[] }).jobs.map(job => job.name),
    ['bad', 'good'],
  )
  assert.match(lines, /^job +schedule +next +last\nbad +0 3 \* \* \* +20\d\d-\S+T19:00:00.000Z +- +for this test\n/)
})

test('with --wait, the exit code says how the run ended', async () => {
  const good = await runJob(needs, 'good', true)
  assert.deepEqual([good.exitCode, (good.result as { report: object }).report], [0, { rows: 3 }])
  stderr.text = ''
  const bad = await runJob(needs, 'bad', true)
  assert.deepEqual([bad.exitCode, (bad.result as { outcome: string }).outcome, stderr.text], [1, 'failed', 'no luck\n'])
  assert.equal((await runJob(needs, 'bad', false)).exitCode, 0)
  const { result } = await jobHistory(needs, 'good')
  assert.equal((result as { runs: object[] }).runs.length, 1)
})

test('a job can be paused, resumed and rescheduled', async () => {
  const paused = await changeJob(needs, 'good', { paused: true })
  assert.equal((paused.result as { next_slot: string | null }).next_slot, null)
  const rescheduled = await changeJob(needs, 'good', { paused: false, schedule: parseScheduleOperand('every 2h', ZONE) })
  assert.equal((rescheduled.result as { schedule: string }).schedule, 'every 2h')
  const reset = await changeJob(needs, 'good', { schedule: parseScheduleOperand('default', ZONE) })
  assert.equal((reset.result as { schedule: string }).schedule, '0 3 * * *')
})

test('text that is not a schedule, and a job that does not exist, are refused', async () => {
  for (const text of ['', 'whenever', 'every -5s', '61 * * * *', '0 3 * * * * * *'])
    assert.throws(() => parseScheduleOperand(text, ZONE), Error, text)
  await assert.rejects(runJob(needs, 'nothing', true), /There is no job called "nothing"/)
  await assert.rejects(jobHistory(needs, 'nothing'), /There is no job called "nothing"/)
  await assert.rejects(changeJob(needs, 'nothing', { paused: true }), /There is no job called "nothing"/)
})

test('an invalid account or password is refused', async () => {
  assert.equal(await findAdminInputError('bobby', undefined), undefined)
  assert.equal(await findAdminInputError('bobby', 'letters4nd'), undefined)
  for (const account of ['', 'bob', '1bobby', 'bob by', 'x'.repeat(17)]) assert.ok(await findAdminInputError(account, undefined), account)
  for (const password of ['', 'short1', 'password1', '1234567890']) assert.ok(await findAdminInputError('bobby', password), password)
})

test('the password is the first line of stdin, and no more than its maximal length is read', async () => {
  assert.equal(await readPassword(Readable.from(['first1', 'line\r\nand more'])), 'first1line')
  assert.equal(await readPassword(Readable.from([])), '')
  let read = 0
  async function* endless() {
    for (; ; read++) yield 'x'.repeat(1_000)
  }
  assert.ok(await findAdminInputError('bobby', await readPassword(endless())))
  assert.ok(read < 3)
})
