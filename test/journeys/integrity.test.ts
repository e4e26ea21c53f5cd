// No single client decides what others are shown. Clients come from many addresses here: behind a trusted proxy, the server
// takes the address from a header.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import { type Product, SETTING, startProduct } from '../support/product.ts'
import { eventually, pause } from '../support/waiting.ts'

let product: Product
let tech: number

before(async () => {
  // Limits by address are hints: a process that is closed after each request, as in the setting `cleared`, has none.
  product = await startProduct({ env: { TRUST_PROXY: 'loopback' }, alwaysEmbedded: SETTING === 'cleared' })
  tech = await product.createChannel('科技')
})

const publishOne = async () => (await product.publish([{ channel: tech }]))[0] as ArticleId
const open = async (id: ArticleId, address: string, authorization?: string) => {
  const headers = { 'x-forwarded-for': address, ...(authorization ? { authorization } : {}) }
  const { status, body } = await product.request('GET', `/app/v1_0/articles/${id}`, undefined, { headers })
  assert.equal(status, 200, 'a GET over a limit is answered all the same')
  return body.data.read_count as number
}
const send = async (events: unknown[], address: string, authorization?: string) => {
  const headers = { 'x-forwarded-for': address, ...(authorization ? { authorization } : {}) }
  const { status, body } = await product.request('POST', '/v1/behaviours', { events }, { headers })
  assert.equal(status, 202)
  return body.data as { accepted: number; repeated: number; refused: { index: number; id: string; reason: string }[] }
}
const click = (article_id: ArticleId) => ({ id: randomUUID(), action: 'click', article_id, at: Date.now() })
const rowsOf = (id: ArticleId) => product.db.selectFrom('behaviour').select(['action', 'viewer']).where('article_id', '=', id).execute()
/** The rows of an article, when so many are there and no more are being written. */
const settledRows = async (id: ArticleId, count: number) => {
  await eventually(
    () => rowsOf(id),
    rows => rows.length >= count,
  )
  await pause(200)
  return (await rowsOf(id)).length
}
const readCount = async (id: ArticleId) => {
  const { rows } = await sql<{ value: bigint }>`select value from counter_truth() where kind = 'article.reads' and key = ${id}`.execute(
    product.db,
  )
  return Number(rows[0]?.value ?? 0)
}

test('an article that one address opens a hundred times without identity is read once', async () => {
  const id = await publishOne()
  for (let i = 0; i < 100; i++) await open(id, '198.51.100.1')
  assert.equal(await settledRows(id, 1), 1)
  assert.equal(await readCount(id), 1)
  await open(id, '203.0.113.1')
  assert.equal(await settledRows(id, 2), 2, 'another address is another viewer')
})

test('a reader who opens an article again on the same day is counted once, and has it on top of the history', async () => {
  const [id, other] = [await publishOne(), await publishOne()]
  const alice = await product.signIn('alice')
  const bearer = `Bearer ${alice.token}`
  for (const each of [id, other]) {
    await open(each, '198.51.100.2', bearer)
    await settledRows(each, 1)
  }
  await open(id, '198.51.100.2', bearer)
  await eventually(
    () => alice.get('/app/v1_0/user/histories'),
    ({ body }) => body.data.results[0]?.art_id === id && body.data.results[1]?.art_id === other,
  )
  assert.equal(await settledRows(id, 1), 1)
  const event = click(id)
  assert.deepEqual(await send([event, click(id)], '198.51.100.2', bearer), { accepted: 0, repeated: 2, refused: [], untraced: [] })
  assert.equal(await readCount(id), 1)
})

test('what an article is said to be read includes the click of who opens it, once', async () => {
  const id = await publishOne()
  if (SETTING === 'cluster') return // another process does not know of the click at once
  for (let i = 0; i < 3; i++) {
    assert.equal(await open(id, '198.51.100.3', 'Anony phone-3'), 1)
    assert.equal(await settledRows(id, 1), 1)
    await product.waitForCounts()
  }
})

test('fifty events of one address without identity count as one viewer', async () => {
  const id = await publishOne()
  const result = await send(
    Array.from({ length: 50 }, () => click(id)),
    '198.51.100.4',
  )
  assert.equal(result.accepted, 1)
  assert.equal(await settledRows(id, 1), 1)
})

test('devices that one address makes up count for a handful; the others are limited, and write no row', async () => {
  const id = await publishOne()
  const results = []
  for (let i = 0; i < 40; i++) results.push(await send([click(id)], '198.51.100.5', `Anony made-up-${i}`))
  const accepted = results.reduce((sum, result) => sum + result.accepted, 0)
  assert.equal(accepted, 5)
  for (const { accepted, refused } of results)
    if (accepted === 0)
      assert.deepEqual(
        refused.map(({ index, reason }) => [index, reason]),
        [[0, 'limited']],
      )
  for (let i = 0; i < 40; i++) await open(id, '198.51.100.5', `Anony invented-${i}`)
  assert.equal(await settledRows(id, 5), 5)
  // One that was counted before is repeated, not limited.
  assert.equal((await send([click(id)], '198.51.100.5', 'Anony made-up-0')).repeated, 1)
})

test('the addresses of one network count for a bounded number, whether IPv4 or IPv6', async () => {
  for (const addressOf of [(i: number) => `192.0.2.${i}`, (i: number) => `2001:db8:1:${i.toString(16)}::1`]) {
    const id = await publishOne()
    for (let i = 1; i <= 60; i++) await open(id, addressOf(i))
    assert.equal(await settledRows(id, 40), 40)
  }
})

test('an address whose devices report without end is limited, and a signed-in reader behind it is not', async () => {
  const ids = await product.publish(Array.from({ length: 100 }, () => ({ channel: tech })))
  const exposures = () => Array.from({ length: 10 }, () => ({ id: randomUUID(), action: 'exposure', article_ids: ids, at: Date.now() }))
  let accepted = 0
  for (let i = 0; i < 7; i++) accepted += (await send(exposures(), '198.51.100.7', `Anony screen-${i}`)).accepted
  assert.equal(accepted, 50, 'five thousand rows an hour')
  const bob = await product.signIn('bob')
  assert.equal((await send([click(ids[0] as ArticleId)], '198.51.100.7', `Bearer ${bob.token}`)).accepted, 1)
})

test('a reader who likes an article again and again leaves one behaviour a day', async () => {
  const id = await publishOne()
  const carol = await product.signIn('carol')
  for (let i = 0; i < 10; i++) {
    assert.equal((await carol.post('/app/v1_0/article/likings', { target: id })).status, 201)
    assert.equal((await carol.delete(`/app/v1_0/article/likings/${id}`)).status, 204)
  }
  assert.deepEqual(await rowsOf(id), [{ action: 'like', viewer: `r${carol.id}` }])
})
