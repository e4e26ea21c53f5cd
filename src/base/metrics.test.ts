import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics, type Metrics } from './metrics.ts'

const linesOf = async (metrics: Metrics, name: string) => (await metrics.text()).split('\n').filter(line => line.startsWith(name))

test('a counter adds up separately for each combination of labels', async () => {
  const metrics = createMetrics()
  const pages = metrics.counter('pages_total', 'Pages', ['source'])
  pages.add(['model'])
  pages.add(['model'], 4)
  pages.add(['newest'])
  assert.equal(
    await metrics.text(),
    '# HELP pages_total Pages\n# TYPE pages_total counter\npages_total{source="model"} 5\npages_total{source="newest"} 1\n',
  )
})

test('a gauge is read when the metrics are written', async () => {
  const metrics = createMetrics()
  let size = 1
  metrics.gauge('articles', 'Articles', () => size)
  size = 2
  assert.deepEqual(await linesOf(metrics, 'articles'), ['articles 2'])
})

test('a gauge with labels writes one line for each series', async () => {
  const metrics = createMetrics()
  const lags = new Map([['a', 1]])
  metrics.labelledGauge('lag_seconds', 'Lag', ['consumer'], () => [...lags].map(([name, lag]) => [[name], lag] as const))
  lags.set('b', 2.5)
  assert.deepEqual(await linesOf(metrics, 'lag_seconds'), ['lag_seconds{consumer="a"} 1', 'lag_seconds{consumer="b"} 2.5'])
})

test('each histogram bucket counts the values up to its bound', async () => {
  const metrics = createMetrics()
  const time = metrics.histogram('step_seconds', 'Time', ['step'])
  for (const seconds of [0.0004, 0.0005, 0.002, 0.3, 99]) time.observe(seconds, ['rank'])
  const buckets = new Map(
    (await linesOf(metrics, 'step_seconds_bucket')).map(line => [/le="([^"]+)"/.exec(line)?.[1], Number(line.split(' ')[1])]),
  )
  const among = ['0.0005', '0.001', '0.0025', '0.25', '0.5', '10', '+Inf'].map(bound => buckets.get(bound))
  assert.deepEqual(among, [2, 2, 3, 3, 4, 4, 5])
  const counts = [...buckets.values()]
  const growing = counts.toSorted((one, two) => one - two)
  assert.deepEqual(counts, growing, 'buckets are cumulative')
  assert.deepEqual(await linesOf(metrics, 'step_seconds_count'), ['step_seconds_count{step="rank"} 5'])
  assert.match((await linesOf(metrics, 'step_seconds_sum'))[0] as string, /^step_seconds_sum\{step="rank"\} 99\.30/)
})

test('a metric without labels writes none', async () => {
  const metrics = createMetrics()
  metrics.histogram('plain_seconds', 'Time').observe(1)
  metrics.counter('plain_total', 'Things').add()
  assert.match(await metrics.text(), /^plain_seconds_bucket\{le="1"\} 1$/m)
  assert.match(await metrics.text(), /^plain_seconds_count 1$/m)
  assert.match(await metrics.text(), /^plain_total 1$/m)
})

test('a label value cannot add a line', async () => {
  const metrics = createMetrics()
  metrics.counter('odd_total', 'Odd', ['name']).add(['a"} 1\nevil 1\\'])
  assert.deepEqual(await linesOf(metrics, 'evil'), [])
  assert.equal((await linesOf(metrics, 'odd_total')).length, 1)
})

test('a name can be used for one metric only', async () => {
  const metrics = createMetrics()
  metrics.counter('twice', 'Twice')
  assert.throws(() => metrics.gauge('twice', 'Twice', () => 0), /twice has already been registered/)
})
