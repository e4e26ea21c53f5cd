// Products that share a Redis: each in its role, and while Redis is away.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId } from '../../src/base/id.ts'
import { type Product, startProduct } from '../support/product.ts'
import { NO_REDIS, startRedis, type TestRedis } from '../support/redis.ts'
import { eventually, pause } from '../support/waiting.ts'

const KEYS = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32) }

let redis: TestRedis
let product: Product
let env: Record<string, string>
let article: ArticleId

before(async () => {
  if (NO_REDIS) return
  redis = await startRedis()
  await redis.kill()
  product = await startProduct({ env: { ...KEYS, REDIS_URL: redis.url }, alwaysEmbedded: true })
  env = { ...KEYS, REDIS_URL: redis.url, DATABASE_URL: product.databaseUrl }
  article = (await product.publish([{ channel: await product.createChannel('科技'), title: 'before' }]))[0] as ArticleId
})

const stateOf = async ({ request }: Product) => {
  const { status, body } = await request('GET', '/readyz')
  return { status, ...body }
}
const waitUntilUp = (of: Product) =>
  eventually(
    () => stateOf(of),
    ({ status }) => status === 'up',
  )

test('a product that starts while Redis is down reports that it is degraded, and that it is up once Redis is up', {
  skip: NO_REDIS,
}, async () => {
  assert.deepEqual(await stateOf(product), { status: 'degraded', checks: { database: 'up', redis: 'down' } })
  assert.equal((await product.request('GET', '/app/v1_0/channels')).status, 200)
  await redis.start()
  assert.equal((await waitUntilUp(product)).checks.redis, 'up')
})

test('a product of any role reports that it is alive and ready, and only the metrics of its role', { skip: NO_REDIS }, async () => {
  const start = (roles: string) => startProduct({ env: { ...env, ROLES: roles, RECOMMENDER_ADDRESS: product.grpc } })
  const [api, recommender, worker] = await Promise.all([start('api,realtime'), start('recommender'), start('worker')])
  for (const each of [api, recommender, worker]) {
    assert.deepEqual((await each.request('GET', '/healthz')).body, { status: 'up' })
    assert.deepEqual((await waitUntilUp(each)).checks, { database: 'up', redis: 'up' })
  }
  assert.match(await recommender.metrics(), /^log_lag_seconds\{consumer="recommender"\} \d/m)
  const metrics = await worker.metrics()
  assert.match(metrics, /^oldest_writer_seconds \d/m)
  assert.match(metrics, /^counter_lag_seconds \d/m)
  // A process leaves out what it does not measure.
  assert.doesNotMatch(await api.metrics(), /^(counter_lag_seconds|oldest_writer_seconds|log_lag_seconds\{consumer="recommender"\}) /m)
  // A worker runs the durable consumers: the search index, notices and Web Push.
  assert.doesNotMatch(metrics, /^log_lag_seconds\{consumer="(?!search|notices|web-push)/m)
  assert.equal((await fetch(`${recommender.url}/app/v1_0/channels`)).status, 404, 'only API processes serve readers')
})

test('readers of two products read on while Redis is killed, comes back empty and is killed again, and see each change in both', {
  skip: NO_REDIS,
}, async () => {
  const products = [product, await startProduct({ env: { ...env, ROLES: 'api', RECOMMENDER_ADDRESS: product.grpc } })]
  let isOver = false
  const statuses = new Set<number>()
  const reading = products.map(async ({ request }) => {
    while (!isOver) {
      statuses.add((await request('GET', `/app/v1_1/articles?channel_id=0&timestamp=${Date.now()}&with_top=0`)).status)
      statuses.add((await request('GET', `/app/v1_0/articles/${article}`)).status)
      await pause(50)
    }
  })
  const change = async (title: string) => {
    await product.db.updateTable('article').set({ title }).where('id', '=', article).execute()
    for (const { request } of products)
      await eventually(
        async () => (await request('GET', `/app/v1_0/articles/${article}`)).body.data.title,
        shown => shown === title,
      )
  }
  await change('with Redis')
  await redis.kill()
  await change('without Redis')
  for (const each of products)
    await eventually(
      () => stateOf(each),
      ({ status }) => status === 'degraded',
    )
  await redis.start()
  for (const each of products) await waitUntilUp(each)
  await change('with Redis again')
  isOver = true
  await Promise.all(reading)
  assert.deepEqual(statuses, new Set([200]))
})
