// A reader's sessions: the list, signing out, and what becomes of the tokens.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { SessionId } from '../../src/base/id.ts'
import { type Person, type Product } from '../support/product.ts'
import { repeat } from '../support/repeat.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product

before(async () => {
  product = await useSharedProduct()
})

const AUTHORIZATIONS = '/app/v1_0/authorizations'
const renew = (token: string, body: unknown = {}) =>
  product.request('PUT', AUTHORIZATIONS, body, { headers: { authorization: `Bearer ${token}` } })
const rotate = (token: string) => renew(token, { rotate: true })
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
const sessionIdOf = ({ token }: Pick<Person, 'token'>) => claimsOf(token).sid as string
const statusAndMessage = (answer: { status: number; body: any }) => [answer.status, answer.body.message]
const list = async (person: Person) => (await person.get('/v1/me/sessions')).body.data.sessions

async function assertSignedOut(person: Person): Promise<void> {
  // The other processes of a cluster learn of it a moment later.
  const answer = await eventually(
    () => person.get('/app/v1_0/user'),
    ({ status }) => status !== 200,
  )
  assert.deepEqual(statusAndMessage(answer), [401, 'User must be authorized.'])
  assert.deepEqual(statusAndMessage(await renew(person.refreshToken)), [403, 'Wrong refresh token.'])
}

const age = (person: Person, seconds: number) =>
  product.db
    .updateTable('session')
    .set({ rotated_at: new Date(Date.now() - seconds * 1_000) })
    .where('id', '=', BigInt(sessionIdOf(person)) as SessionId)
    .execute()

test('a reader sees where they are signed in, and nobody else sees it', async () => {
  const [phone, tablet, bob] = [await product.signIn('alice'), await product.signIn('alice'), await product.signIn('bob')]
  const sessions = await list(tablet)
  assert.deepEqual(
    sessions.map(({ id, is_current }: any) => [id, is_current]),
    [
      [sessionIdOf(tablet), true],
      [sessionIdOf(phone), false],
    ],
  )
  assert.deepEqual([sessions[0].surface, sessions[0].agent, sessions[0].address], ['app', 'node', '127.0.0.1'])
  assert.deepEqual(Object.keys(sessions[0]), ['id', 'surface', 'agent', 'address', 'created_at', 'last_used_at', 'is_current'])
  assert.equal((await bob.delete(`/v1/me/sessions/${sessionIdOf(phone)}`)).status, 404)
  assert.equal((await list(phone)).length, 2)
  assert.equal((await product.request('GET', '/v1/me/sessions')).status, 401)
})

test('a reader who signs out is signed out there and nowhere else', async () => {
  const [phone, tablet] = [await product.signIn('carol'), await product.signIn('carol')]
  assert.equal((await phone.get('/app/v1_0/user')).status, 200)
  assert.equal((await phone.delete('/v1/me/sessions/current')).status, 204)
  await assertSignedOut(phone)
  assert.deepEqual(
    (await list(tablet)).map(({ id }: any) => id),
    [sessionIdOf(tablet)],
  )
})

test('a reader signs out a lost phone, then all other sessions, then everywhere', async () => {
  const mobile = '13800000011'
  const [phone, tablet, browser, desk] = (await repeat(4, () => product.signIn('erin', mobile))) as [Person, Person, Person, Person]
  assert.equal((await desk.delete(`/v1/me/sessions/${sessionIdOf(phone)}`)).status, 204)
  await assertSignedOut(phone)
  assert.equal((await desk.delete(`/v1/me/sessions/${sessionIdOf(phone)}`)).status, 404, 'it has ended already')
  assert.deepEqual((await desk.delete('/v1/me/sessions?others=true')).body, { message: 'OK', data: { ended: 2 } })
  for (const person of [tablet, browser]) await assertSignedOut(person)
  const again = await product.signIn('erin', mobile)
  assert.deepEqual((await desk.delete('/v1/me/sessions')).body.data, { ended: 2 })
  for (const person of [desk, again]) await assertSignedOut(person)
})

test('a client that asks for it gets a new refresh token, and the old one is replaced', async () => {
  const phone = await product.signIn('alice')
  const first = await rotate(phone.refreshToken)
  assert.equal(first.status, 201)
  assert.deepEqual(Object.keys(first.body.data), ['token', 'refresh_token'])
  const second = await rotate(first.body.data.refresh_token)
  assert.equal(second.status, 201)
  assert.deepEqual(Object.keys((await renew(second.body.data.refresh_token)).body.data), ['token'])
  assert.equal(sessionIdOf(second.body.data), sessionIdOf(phone), 'the session stays')
})

test('fifty renewals of one refresh token at once all get the same successor, and the reader stays signed in', async () => {
  const phone = await product.signIn('alice')
  const answers = await repeat(50, () => rotate(phone.refreshToken))
  assert.deepEqual([...new Set(answers.map(answer => answer.status))], [201])
  const sessionId = BigInt(sessionIdOf(phone)) as SessionId
  const row = await product.db.selectFrom('session').select('generation').where('id', '=', sessionId).executeTakeFirst()
  assert.equal(row?.generation, 1)
  for (const answer of answers.slice(0, 3)) assert.equal((await rotate(answer.body.data.refresh_token)).status, 201)
  assert.equal((await phone.get('/app/v1_0/user')).status, 200)
})

test('a client that lost the answer to its renewal stays signed in', async () => {
  const phone = await product.signIn('bob')
  await rotate(phone.refreshToken) // the answer is lost
  await age(phone, 3_600)
  const retried = await rotate(phone.refreshToken)
  assert.equal(retried.status, 201)
  assert.equal((await rotate(retried.body.data.refresh_token)).status, 201)
})

test('a replaced refresh token that is used after its successor ends the session with all its tokens', async () => {
  const phone = await product.signIn('bob')
  const tablet = await product.signIn('bob')
  const successor = (await rotate(phone.refreshToken)).body.data
  await rotate(successor.refresh_token)
  const replay = await rotate(phone.refreshToken) // mallory has copied it
  assert.deepEqual(statusAndMessage(replay), [403, 'Wrong refresh token.'])
  await assertSignedOut(phone)
  assert.equal((await renew(successor.refresh_token)).status, 403)
  assert.equal((await tablet.get('/app/v1_0/user')).status, 200, 'the other session is another family')
})

test('a HEAD request for a code sends none', async () => {
  const path = '/app/v1_0/sms/codes/13911110077'
  assert.equal((await product.request('HEAD', path)).status, 405)
  assert.equal((await product.request('GET', path)).status, 200, 'no minute has begun')
})
