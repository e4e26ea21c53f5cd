import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { before, test } from 'node:test'
import { cleanup } from '../../test/support/cleanup.ts'
import { testDatabase } from '../../test/support/database.ts'
import { silentLog } from '../base/log.ts'
import { createMetrics } from '../base/metrics.ts'
import { type Scheduler, startScheduler } from '../engines/jobs/scheduler.ts'
import { adminInputError, readPassword } from './admin.ts'
import { changeJob, jobHistory, listJobs, parseScheduleOperand, runJob } from './jobs.ts'

const { db } = await testDatabase()
const ZONE = 'Asia/Shanghai'
const said = { text: '' }
const screen = { db, zone: ZONE, stderr: { write: (text: string) => Boolean((said.text += text)) } }
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

test('the list says of every job when it is due, to people and to programs', async () => {
  said.text = ''
  const { result, exitCode } = await listJobs(screen)
  assert.equal(exitCode, 0)
  assert.deepEqual(
    (result as { jobs: { name: string }[] }).jobs.map(job => job.name),
    ['bad', 'good'],
  )
  assert.match(said.text, /^job +schedule +next +last\nbad +0 3 \* \* \* +20\d\d-\S+T19:00:00.000Z +- +for this test\n/)
})

test('whoever waits for a run hears by the exit code how it went', async () => {
  const good = await runJob(screen, 'good', true)
  assert.deepEqual([good.exitCode, (good.result as { report: object }).report], [0, { rows: 3 }])
  said.text = ''
  const bad = await runJob(screen, 'bad', true)
  assert.deepEqual([bad.exitCode, (bad.result as { outcome: string }).outcome, said.text], [1, 'failed', 'no luck\n'])
  assert.equal((await runJob(screen, 'bad', false)).exitCode, 0)
  const { result } = await jobHistory(screen, 'good')
  assert.equal((result as { runs: object[] }).runs.length, 1)
})

test('a job is paused and moved', async () => {
  const paused = await changeJob(screen, 'good', { paused: true })
  assert.equal((paused.result as { next_slot: string | null }).next_slot, null)
  const moved = await changeJob(screen, 'good', { paused: false, schedule: parseScheduleOperand('every 2h', ZONE) })
  assert.equal((moved.result as { schedule: string }).schedule, 'every 2h')
  const back = await changeJob(screen, 'good', { schedule: parseScheduleOperand('default', ZONE) })
  assert.equal((back.result as { schedule: string }).schedule, '0 3 * * *')
})

test('what is no schedule, and a job that is not there, are refused', async () => {
  for (const text of ['', 'whenever', 'every -5s', '61 * * * *', '0 3 * * * * * *'])
    assert.throws(() => parseScheduleOperand(text, ZONE), Error, text)
  await assert.rejects(runJob(screen, 'nothing', true), /There is no job called "nothing"/)
  await assert.rejects(jobHistory(screen, 'nothing'), /There is no job called "nothing"/)
  await assert.rejects(changeJob(screen, 'nothing', { paused: true }), /There is no job called "nothing"/)
})

test('an account and a password that cannot be are refused before anything is opened', async () => {
  assert.equal(adminInputError('bobby', undefined), undefined)
  assert.equal(adminInputError('bobby', 'letters4nd'), undefined)
  for (const account of ['', 'bob', '1bobby', 'bob by', 'x'.repeat(17)]) assert.ok(adminInputError(account, undefined), account)
  for (const password of ['', 'short1', 'nodigitsatall', '1234567890']) assert.ok(adminInputError('bobby', password), password)
})

test('a password is the first line of what is piped in, and no more than can be one', async () => {
  assert.equal(await readPassword(Readable.from(['first1', 'line\r\nand more'])), 'first1line')
  assert.equal(await readPassword(Readable.from([])), '')
  let read = 0
  async function* endless() {
    for (; ; read++) yield 'x'.repeat(1_000)
  }
  assert.ok(adminInputError('bobby', await readPassword(endless())))
  assert.ok(read < 3)
})
