// Requests that are sent again with the same Idempotency-Key.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { ANSWER_HOURS } from '../../src/engines/idempotency/stored-answers.sql.ts'
import { KEY_LIMIT } from '../../src/http/idempotency.ts'
import { type Person, type Product, SETTING } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'

let product: Product
let alice: Person
let bob: Person
let admin: string

before(async () => {
  product = await useSharedProduct()
  alice = await product.signIn('alice')
  bob = await product.signIn('bob')
  const { body } = await product.request('POST', '/mis/v1_0/authorizations', { account: 'editor', password: 'first1password' })
  admin = body.data.token
})

const post = (path: string, json: unknown, key: string, token = admin) =>
  product.request('POST', path, json, { headers: { authorization: `Bearer ${token}`, 'idempotency-key': key } })
const RUNS = '/v1/admin/jobs/drop-devices/runs'
const countRuns = async () =>
  (await product.request('GET', RUNS, undefined, { headers: { authorization: `Bearer ${admin}` } })).body.data.length as number

test('a request sent again with its key is carried out once and answered the same; another key starts it again', async () => {
  const before = await countRuns()
  const first = await post(RUNS, { wait: true }, 'k1')
  const again = await post(RUNS, { wait: true }, 'k1')
  assert.equal(first.status, 201)
  assert.deepEqual([again.status, again.text], [first.status, first.text])
  assert.equal(first.headers.get('idempotency-replayed'), null)
  assert.equal(again.headers.get('idempotency-replayed'), 'true')
  assert.match(again.headers.get('content-type') ?? '', /^application\/json/)
  assert.equal((await countRuns()) - before, 1)
  assert.equal((await post(RUNS, { wait: true }, 'k2')).status, 201)
  assert.equal((await countRuns()) - before, 2)
})

test('twenty requests with one key at once are carried out once; the others are told so, or get its answer', async () => {
  const before = await countRuns()
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(RUNS, { wait: true }, 'k3')))
  const fresh = answers.filter(({ status, headers }) => status === 201 && headers.get('idempotency-replayed') === null)
  assert.equal(fresh.length, 1)
  for (const { status } of answers) assert.ok(status === 201 || status === 409, String(status))
  assert.equal((await countRuns()) - before, 1)
})

test('a comment that is sent again with its key is there once, under every prefix', async () => {
  const [article] = await product.publish([{ author: alice.id, channel: await product.createChannel('科技') }])
  const write = (content: string, key: string) => post('/v1_0/comments', { target: String(article), content }, key, bob.token)
  const first = await write('一次', 'c1')
  const again = await write('一次', 'c1')
  assert.deepEqual([first.status, again.status, again.text], [201, 201, first.text])
  assert.equal((await write('两次', 'c1')).status, 400)
  assert.equal((await write('', 'c2')).status, 400)
  assert.equal((await write('补上', 'c2')).status, 201, 'what was refused leaves its key free')
  assert.equal((await post('/app/v1_0/comments', { target: String(article), content: '一次' }, 'c3', bob.token)).status, 201)
  const { rows } = await sql<{ count: number }>`select count(*)::int from comment where article_id = ${article}`.execute(product.db)
  assert.equal(rows[0]?.count, 3)
})

test("a key for another request is refused, and one sender's key means nothing for another", async () => {
  assert.equal((await post(RUNS, { wait: false }, 'k1')).status, 400)
  assert.equal((await post('/v1/admin/jobs/drop-pages/runs', { wait: true }, 'k1')).status, 400)
  assert.equal((await post(RUNS, { wait: true }, 'not ascii: é'.replace('é', ' '))).status, 400)
  assert.equal((await post(RUNS, { wait: true }, 'x'.repeat(256))).status, 400)
  const read = (token: string) => post('/v1/notices/read', { all: true }, 'k1', token)
  const [mine, theirs] = [await read(alice.token), await read(bob.token)]
  assert.deepEqual([mine.headers.get('idempotency-replayed'), theirs.headers.get('idempotency-replayed')], [null, null])
})

test('a refused request may be sent again with its key, and secrets are not stored', async () => {
  const begin = (password: string, key: string) => post('/v1/admin/second-factor', { password }, key)
  assert.equal((await begin('wrong1word', 'k5')).status, 403)
  const [one, two] = [await begin('first1password', 'k6'), await begin('first1password', 'k6')]
  assert.deepEqual([one.status, two.status], [201, 201])
  assert.notEqual(one.body.data.secret, two.body.data.secret)
  const rows = await product.db.selectFrom('idempotent_request').select('body').execute()
  assert.ok(rows.every(({ body }) => !body?.includes(one.body.data.secret)))
})

test('a request that failed inside is not carried out again at once: it may have changed something', async () => {
  await sql`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`.execute(product.db)
  await sql`create trigger refuse before insert on operation_log for each row execute function refuse()`.execute(product.db)
  const before = await countRuns()
  assert.equal((await post(RUNS, { wait: true }, 'k8')).status, 500)
  await sql`drop trigger refuse on operation_log; drop function refuse`.execute(product.db)
  assert.equal((await post(RUNS, { wait: true }, 'k8')).status, 409)
  assert.equal((await countRuns()) - before, 1)
})

// Where the process is closed after each request, it has counted none before.
test('invented devices of one address have the keys of one sender', { skip: SETTING === 'cleared' }, async () => {
  const statuses = new Set<number>()
  const send = async (i: number) => {
    const headers = { authorization: `Anony invented-device-${i}`, 'idempotency-key': 'k', 'content-type': 'application/json' }
    const answer = await fetch(`${product.url}/v1/behaviours`, { method: 'POST', headers, body: '{"events":[]}' })
    await answer.arrayBuffer()
    statuses.add(answer.status)
  }
  for (let sent = 0; sent <= KEY_LIMIT.points; sent += 50) await Promise.all(Array.from({ length: 50 }, (_, i) => send(sent + i)))
  assert.ok(statuses.has(429), [...statuses].join())
})

test('a request that was lost with its process, and an answer that is a day old, no longer hold their key', async () => {
  const before = await countRuns()
  await post(RUNS, { wait: true }, 'k7')
  const age = (seconds: number) => ({ started_at: new Date(Date.now() - seconds * 1_000) })
  await product.db
    .updateTable('idempotent_request')
    .set({ ...age(120), status: null })
    .execute()
  assert.equal((await post(RUNS, { wait: true }, 'k7')).headers.get('idempotency-replayed'), null)
  await product.db
    .updateTable('idempotent_request')
    .set(age(ANSWER_HOURS * 3_600 + 1))
    .execute()
  assert.equal((await post(RUNS, { wait: true }, 'k7')).headers.get('idempotency-replayed'), null)
  assert.equal((await countRuns()) - before, 3)
})
