// OpenSearch goes away for a minute and comes back. TEST_SEARCH_URL names one that may be written to.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { startProduct } from '../../support/product.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'
import { eventually, pause } from '../../support/waiting.ts'

const url = process.env.TEST_SEARCH_URL
const AWAY_MS = 60_000
/** Promised of what is committed while everything is well. */
const VISIBLE_MS = 1_000

test('a reader who searches while OpenSearch is away is answered from PostgreSQL, and it catches up by itself', {
  skip: url ? false : 'TEST_SEARCH_URL is not set',
}, async t => {
  const proxy = await startTcpProxy(Number(new URL(url as string).port))
  const product = await startProduct({
    env: { SEARCH_URL: `http://127.0.0.1:${proxy.port}/test-${randomBytes(6).toString('hex')}` },
    alwaysEmbedded: true,
  })
  t.after(() => product.app.close())
  const channel = await product.createChannel('科技')
  const search = async (q: string) => {
    const began = performance.now()
    const { status, headers, body } = await product.request('GET', `/v1_0/search?q=${encodeURIComponent(q)}`)
    assert.equal(status, 200)
    return { source: headers.get('x-search-source'), count: body.data.total_count as number, ms: performance.now() - began }
  }
  await product.publish([{ channel, title: '火星探测器着陆' }])
  await eventually(
    () => search('火星探测器'),
    ({ source, count }) => source === 'opensearch' && count === 1,
  )

  proxy.blackhole()
  const until = performance.now() + AWAY_MS
  const slowest = { search: 0, feed: 0 }
  for (let i = 0; performance.now() < until; i++) {
    await product.publish([{ channel, title: `木星卫星观测${i}` }])
    const found = await search('火星探测器')
    assert.deepEqual([found.source, found.count], ['postgres-fallback', 1])
    slowest.search = Math.max(slowest.search, found.ms)
    const began = performance.now()
    const { status, body } = await product.request('GET', `/app/v1_1/articles?channel_id=0&timestamp=${Date.now()}&with_top=1`)
    assert.equal(status, 200)
    assert.ok(body.data.results.length > 0)
    slowest.feed = Math.max(slowest.feed, performance.now() - began)
    await pause(1_000)
  }
  t.diagnostic(`slowest while it was away: search ${Math.round(slowest.search)} ms, feed ${Math.round(slowest.feed)} ms`)
  const published = (await search('木星卫星观测')).count
  proxy.heal()
  const began = performance.now()
  await eventually(
    () => search('木星卫星观测'),
    ({ source, count }) => source === 'opensearch' && count === published,
  )
  t.diagnostic(`caught up ${Math.round(performance.now() - began)} ms after it was back, ${published} articles`)

  const at = performance.now()
  await product.publish([{ channel, title: '土星光环照片' }])
  await eventually(
    () => search('土星光环'),
    ({ count }) => count === 1,
  )
  t.diagnostic(`published and found in ${Math.round(performance.now() - at)} ms (promised: ${VISIBLE_MS})`)
})
