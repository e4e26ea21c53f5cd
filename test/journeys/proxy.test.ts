// Which address the rate limits count when requests come through a proxy. An address may request a hundred codes an hour.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProduct } from '../support/product.ts'

let mobile = 13_700_000_000

async function startBehind(trustProxy: string) {
  const product = await startProduct({ env: { TRUST_PROXY: trustProxy }, alwaysEmbedded: true })
  const requestCode = async (forwarded: string) => {
    const answer = await product.request('GET', `/app/v1_0/sms/codes/${mobile++}`, undefined, { headers: { 'x-forwarded-for': forwarded } })
    return answer.status
  }
  /** Requests 101 codes, each with another claimed address before `tail`. Resolves to the number of refusals. */
  const countRefusals = async (tail: string) => {
    const statuses: number[] = []
    for (let i = 0; i < 101; i++) statuses.push(await requestCode(`198.51.100.${i}${tail}`))
    return statuses.filter(status => status === 429).length
  }
  return { requestCode, countRefusals }
}

test('without a trusted proxy, a client that claims many addresses counts as one', async () => {
  const { requestCode, countRefusals } = await startBehind('0')
  assert.equal(await countRefusals(''), 1)
  assert.equal(await requestCode('203.0.113.9'), 429)
})

test('behind a proxy trusted by its address, the address that the proxy saw counts', async () => {
  const { requestCode, countRefusals } = await startBehind('loopback,192.0.2.0/24')
  assert.equal(await countRefusals(', 203.0.113.7'), 1)
  assert.equal(await requestCode('203.0.113.7, 192.0.2.1'), 429, 'two trusted proxies in a row')
  assert.equal(await requestCode('203.0.113.7, 203.0.113.8'), 200)
})

test('behind two proxies, the address that the first of them saw counts', async () => {
  const { requestCode, countRefusals } = await startBehind('2')
  assert.equal(await countRefusals(', 203.0.113.7, 192.0.2.1'), 1)
  assert.equal(await requestCode('203.0.113.7, 203.0.113.8, 192.0.2.1'), 200)
})

test('all addresses of one IPv6 network count as one client', async () => {
  const { requestCode } = await startBehind('loopback')
  const statuses: number[] = []
  for (let i = 0; i < 101; i++) statuses.push(await requestCode(`2001:db8:1:2::${i}`))
  assert.equal(statuses.filter(status => status === 429).length, 1)
  assert.equal(await requestCode('2001:db8:1:3::1'), 200)
})
