// Behind a proxy: whom the limits by address count. An address may ask for a hundred codes an hour.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProduct } from '../support/product.ts'

let mobile = 13_700_000_000

async function behind(trustProxy: string) {
  const product = await startProduct({ env: { TRUST_PROXY: trustProxy }, alwaysEmbedded: true })
  const askAs = async (forwarded: string) => {
    const answer = await product.request('GET', `/app/v1_0/sms/codes/${mobile++}`, undefined, { headers: { 'x-forwarded-for': forwarded } })
    return answer.status
  }
  /** A hundred and one codes, each asked for under another name before `tail`: how often that was refused. */
  const refusals = async (tail: string) => {
    const statuses = await Promise.all(Array.from({ length: 101 }, (_, i) => askAs(`198.51.100.${i}${tail}`)))
    return statuses.filter(status => status === 429).length
  }
  return { askAs, refusals }
}

test('whoever names other addresses is one address, unless a proxy is known to stand before us', async () => {
  const { askAs, refusals } = await behind('0')
  assert.equal(await refusals(''), 1)
  assert.equal(await askAs('203.0.113.9'), 429)
})

test('behind a proxy known by its address, whom it heard counts, whatever they say themselves', async () => {
  const { askAs, refusals } = await behind('loopback,192.0.2.0/24')
  assert.equal(await refusals(', 203.0.113.7'), 1)
  assert.equal(await askAs('203.0.113.7, 192.0.2.1'), 429, 'two of ours in a row')
  assert.equal(await askAs('203.0.113.7, 203.0.113.8'), 200)
})

test('behind two proxies, whom the first of them heard counts', async () => {
  const { askAs, refusals } = await behind('2')
  assert.equal(await refusals(', 203.0.113.7, 192.0.2.1'), 1)
  assert.equal(await askAs('203.0.113.7, 203.0.113.8, 192.0.2.1'), 200)
})

test('one who has a network of IPv6 is one, whichever of its addresses they ask from', async () => {
  const { askAs } = await behind('loopback')
  const statuses = await Promise.all(Array.from({ length: 101 }, (_, i) => askAs(`2001:db8:1:2::${i}`)))
  assert.equal(statuses.filter(status => status === 429).length, 1)
  assert.equal(await askAs('2001:db8:1:3::1'), 200)
})
