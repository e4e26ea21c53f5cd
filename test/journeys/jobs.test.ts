import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { readMetricList } from '../support/metric-list.ts'
import { type Answer, type Product, SETTING } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let token: string

before(async () => {
  product = await useSharedProduct()
  token = (await product.request('POST', '/mis/v1_0/authorizations', { account: 'editor', password: 'first1password' })).body.data.token
})

const request = (method: string, path: string, json?: unknown): Promise<Answer> =>
  product.request(method, `/v1/admin${path}`, json, { headers: { authorization: `Bearer ${token}` } })

test('an administrator sees every job, its next run and its last outcome', async () => {
  const { status, body } = await request('GET', '/jobs')
  assert.equal(status, 200)
  const names = new Set(body.data.map((job: { name: string }) => job.name))
  for (const name of ['drop-pages', 'drop-sessions', 'drop-runs']) assert.ok(names.has(name), name)
  // At a multiple of ten minutes the slot of this moment is the next one until the worker has planned another.
  const pages = await eventually(
    async () => (await request('GET', '/jobs')).body.data.find((job: { name: string }) => job.name === 'drop-pages'),
    ({ next_slot }) => Date.parse(next_slot) > Date.now(),
  )
  assert.deepEqual([pages.schedule, pages.own_schedule, pages.paused, pages.missed], ['every 10m', 'every 10m', false, 0])
})

test('an administrator who requests a run and waits, gets its outcome', async () => {
  const { status, body } = await request('POST', '/jobs/drop-sessions/runs', { wait: true })
  assert.equal(status, 201)
  const { slot, fence, started_at, ended_at, report, ...run } = body.data
  const wanted = { job: 'drop-sessions', asked: true, state: 'ended', outcome: 'done', attempt: 1, message: null }
  assert.deepEqual(run, wanted)
  assert.ok(Number.isInteger(report.dropped))
  assert.ok([slot, started_at, ended_at].every(moment => Date.parse(moment) > 0) && /^\d+$/.test(fence))
  const history = await request('GET', '/jobs/drop-sessions/runs')
  assert.deepEqual(history.body.data[0].slot, slot)
  if (SETTING !== 'embedded') return // another process is the worker, and has the metric
  const { text } = await product.request('GET', '/metrics')
  assert.match(text, /\njob_runs_total\{job="drop-sessions",outcome="done"\} \d+\n/)
  assert.match(text, /\njob_last_success_timestamp_seconds\{job="drop-sessions"\} \d+/)
})

test('an administrator who requests a run without waiting, gets a 202, with or without a body', async () => {
  for (const json of [{}, { wait: false }, undefined]) {
    const { status, body } = await request('POST', '/jobs/drop-seen/runs', json)
    assert.ok(status === 202 || (status === 201 && body.data.state === 'ended'), String(status))
  }
  const done = await eventually(
    async () => (await request('GET', '/jobs/drop-seen/runs')).body.data.filter((run: { asked: boolean }) => run.asked), // it also has a slot each night
    runs => runs.length === 3 && runs.every((run: { state: string }) => run.state === 'ended'),
  )
  assert.deepEqual(
    done.map((run: { outcome: string }) => run.outcome),
    ['done', 'done', 'done'],
  )
  assert.equal((await request('GET', '/jobs/drop-seen/runs?limit=2')).body.data.length, 2)
})

test('an administrator pauses a job, changes its schedule and restores it', async () => {
  const paused = await request('PATCH', '/jobs/drop-pages', { paused: true })
  assert.deepEqual([paused.status, paused.body.data.paused, paused.body.data.next_slot], [200, true, null])
  const moved = await request('PATCH', '/jobs/drop-pages', { paused: false, schedule: '0 3 * * *' })
  assert.deepEqual([moved.body.data.paused, moved.body.data.schedule, moved.body.data.own_schedule], [false, '0 3 * * *', 'every 10m'])
  assert.equal(moved.body.data.next_slot.slice(11, 16), '19:00', '3:00 in Shanghai')
  const back = await request('PATCH', '/jobs/drop-pages', { schedule: null })
  assert.equal(back.body.data.schedule, 'every 10m')
})

test('a changed schedule takes effect within a second', async () => {
  await request('PATCH', '/jobs/drop-changes', { schedule: 'every 100ms' })
  await eventually(
    () => request('GET', '/jobs/drop-changes/runs'),
    ({ body }) => body.data.length >= 3,
  )
  await request('PATCH', '/jobs/drop-changes', { schedule: null })
})

test('an invalid request is refused with a sentence, a code and the request id', async () => {
  const refused = async (method: string, path: string, json: unknown, status: number, code: string) => {
    const answer = await request(method, path, json)
    assert.equal(answer.status, status, `${method} ${path} ${JSON.stringify(json)?.slice(0, 80)}: ${answer.text.slice(0, 200)}`)
    const { field, ...body } = answer.body
    assert.deepEqual(Object.keys(body), ['message', 'code', 'request_id'])
    if (field !== undefined) assert.equal(status, 400)
    assert.equal(typeof answer.body.message, 'string')
    assert.equal(answer.body.code, code)
    assert.equal(answer.body.request_id, answer.headers.get('x-request-id'))
  }
  await refused('PATCH', '/jobs/nothing', { paused: true }, 404, 'not-found')
  await refused('PATCH', '/jobs/%00', { paused: true }, 404, 'not-found')
  await refused('GET', '/jobs/%00/runs', undefined, 404, 'not-found')
  await refused('POST', '/jobs/nothing/runs', {}, 404, 'not-found')
  await refused('GET', '/jobs/nothing/runs', undefined, 404, 'not-found')
  await refused('GET', '/nothing', undefined, 404, 'not-found')
  await refused('PATCH', `/jobs/${'x'.repeat(150)}`, { paused: true }, 404, 'not-found')
  for (const schedule of [
    'whenever',
    '',
    '* * *',
    '60 * * * *',
    'every -5s',
    'every 1ms',
    'at 2020-01-01T00:00:00Z',
    7,
    {},
    ['* * * * *'],
    '* '.repeat(150),
  ])
    await refused('PATCH', '/jobs/drop-pages', { schedule }, 400, 'invalid')
  await refused('PATCH', '/jobs/drop-pages', { schedule: '0 0 30 2 *' }, 400, 'invalid')
  await refused('PATCH', '/jobs/drop-pages', {}, 400, 'invalid')
  await refused('PATCH', '/jobs/drop-pages', undefined, 400, 'invalid')
  await refused('PATCH', '/jobs/drop-pages', { paused: 'perhaps' }, 400, 'invalid')
  await refused('POST', '/jobs/drop-pages/runs', { wait: 'long' }, 400, 'invalid')
  await refused('GET', '/jobs/drop-pages/runs?limit=100000', undefined, 400, 'invalid')
  await refused('PATCH', '/jobs/drop-pages', { schedule: 'x'.repeat(1_100_000) }, 413, 'too-large')
  assert.equal((await request('GET', '/jobs')).body.data.find((job: { name: string }) => job.name === 'drop-pages').schedule, 'every 10m')
})

test('an operator finds every metric of test/rules/metrics.txt on /metrics, with its labels', async () => {
  await product.request('GET', '/app/v1_1/articles?channel_id=0&timestamp=1&with_top=0') // so that there are pages and steps
  const text = await product.metrics()
  const listed = readMetricList().filter(metric => SETTING === 'cluster' || !metric.onlyWithRedis)
  const found = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => `${type} ${name}`)
  assert.deepEqual([...new Set(found)].toSorted(), listed.map(({ type, name }) => `${type} ${name}`).toSorted())
  for (const { type, name, labels } of listed) {
    const series = text.matchAll(new RegExp(`^${name}${type === 'histogram' ? '_count' : ''}(?:\\{(.*)\\})? `, 'gm'))
    for (const [line, inside = ''] of series)
      assert.deepEqual(
        [...inside.matchAll(/(\w+)="/g)].map(([, label]) => label),
        labels,
        line,
      )
  }
})
