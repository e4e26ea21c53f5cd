// Which address counts as the client's when requests come through a proxy: it is stored with a sign-in, and limits count it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProduct } from '../support/product.ts'
import { startSmsProvider } from '../support/sms-provider.ts'

let mobile = 13_700_000_000

async function startBehind(trustProxy: string) {
  const provider = await startSmsProvider()
  const env = { TRUST_PROXY: trustProxy, SMS_URL: provider.url }
  const { db, request } = await startProduct({ env, alwaysEmbedded: true })
  const from = (forwarded: string) => ({ headers: { 'x-forwarded-for': forwarded } })
  const requestCode = async (forwarded: string) =>
    (await request('GET', `/app/v1_0/sms/codes/${++mobile}`, undefined, from(forwarded))).status
  /** The address that is stored with a sign-in. */
  async function addressOf(forwarded: string): Promise<string | undefined> {
    assert.equal(await requestCode(forwarded), 200)
    const json = { mobile: String(mobile), code: provider.codeOf(String(mobile)) }
    assert.equal((await request('POST', '/app/v1_0/authorizations', json, from(forwarded))).status, 201)
    return (await db.selectFrom('session').select('address').orderBy('id', 'desc').limit(1).executeTakeFirst())?.address
  }
  return { requestCode, addressOf }
}

test('without a trusted proxy, the address of the connection counts, whatever a client claims', async () => {
  const { addressOf } = await startBehind('0')
  assert.equal(await addressOf('198.51.100.1'), '127.0.0.1')
})

test('behind a proxy trusted by its address, the address that the proxy saw counts; one IPv6 network is one client of a limit', async () => {
  const { requestCode, addressOf } = await startBehind('loopback,192.0.2.0/24')
  assert.equal(await addressOf('198.51.100.1, 203.0.113.7'), '203.0.113.7')
  assert.equal(await addressOf('203.0.113.8, 192.0.2.1'), '203.0.113.8', 'two trusted proxies in a row')

  // An address may request a hundred codes an hour.
  const statuses: number[] = []
  for (let i = 0; i < 101; i++) statuses.push(await requestCode(`198.51.100.${i}, 2001:db8:1:2::${i}`))
  assert.equal(statuses.filter(status => status === 429).length, 1)
  assert.equal(await requestCode('2001:db8:1:3::1'), 200)
})

test('behind two proxies, the address that the first of them saw counts', async () => {
  const { addressOf } = await startBehind('2')
  assert.equal(await addressOf('198.51.100.1, 203.0.113.7, 192.0.2.1'), '203.0.113.7')
})
