import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProduct } from '../support/product.ts'
import { NO_REDIS, startRedis } from '../support/redis.ts'
import { eventually } from '../support/waiting.ts'

test('a product that starts while Redis is down reports that it is degraded, and that it is up once Redis is up', {
  skip: NO_REDIS,
}, async () => {
  const redis = await startRedis()
  await redis.kill()
  const { request } = await startProduct({ env: { REDIS_URL: redis.url }, alwaysEmbedded: true })
  const state = async () => {
    const { status, body } = await request('GET', '/readyz')
    return { status, ...body }
  }
  assert.deepEqual(await state(), { status: 'degraded', checks: { database: 'up', redis: 'down' } })
  assert.equal((await request('GET', '/app/v1_0/channels')).status, 200)
  await redis.start()
  assert.equal((await eventually(state, ({ status }) => status === 'up')).checks.redis, 'up')
  await redis.kill()
  assert.equal((await eventually(state, ({ status }) => status !== 'up')).status, 'degraded')
})
