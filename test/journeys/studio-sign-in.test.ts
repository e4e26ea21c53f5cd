import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Person, type Product, startProduct } from '../support/product.ts'

let product: Product
let carol: Person
let dave: Person

before(async () => {
  product = await startProduct()
  ;[carol, dave] = await Promise.all([product.signIn('carol'), product.signIn('dave', '13800000020')])
  await product.db.updateTable('reader').set({ is_verified: true }).where('id', '=', carol.id).execute()
})

const signIn = (mobile: string, code = '246810') => product.request('POST', '/mp/v1_0/authorizations', { mobile, code })
const statusAndMessage = (answer: { status: number; body: any }) => [answer.status, answer.body.message]

test('a verified creator signs in to the studio, and gets their id, name and photo', async () => {
  const { status, body, text } = await signIn(carol.mobile)
  assert.equal(status, 201)
  assert.deepEqual(Object.keys(body.data), ['token', 'refresh_token', 'id', 'name', 'photo'])
  assert.match(text, /"id":\d{19},/)
  assert.equal(body.data.id, carol.id)
  assert.equal(body.data.photo, `${product.url}/drawn/avatar-${carol.id}.svg`, 'a URL, also for a creator without a photo')
  assert.equal((await fetch(body.data.photo)).status, 200)
})

test('a reader who is not verified, or a number that is not registered, cannot sign in to the studio, and is not registered', async () => {
  const refusal = [403, 'Please verify your real information in app.']
  assert.deepEqual(statusAndMessage(await signIn(dave.mobile)), refusal)
  assert.deepEqual(statusAndMessage(await signIn('13800000099')), refusal)
  assert.deepEqual(await product.db.selectFrom('reader').select('id').where('mobile', '=', '13800000099').execute(), [])
  assert.deepEqual(statusAndMessage(await signIn(carol.mobile, '123456')), [400, 'Invalid code.'])
})

test('a frozen creator is refused', async () => {
  const erin = await product.signIn('erin', '13800000021')
  await product.db.updateTable('reader').set({ is_verified: true, frozen: true }).where('id', '=', erin.id).execute()
  assert.deepEqual(statusAndMessage(await signIn(erin.mobile)), [403, 'User denied.'])
})

test('a renewed studio token is a studio token, and also works in the reader app', async () => {
  const { data } = (await signIn(carol.mobile)).body
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  const renewed = await product.request('PUT', '/mp/v1_0/authorizations', undefined, as(data.refresh_token))
  assert.equal(renewed.status, 201)
  const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
  assert.equal(claims(renewed.body.data.token).verified, true)
  assert.equal(claims(carol.token).verified, undefined)
  assert.equal((await product.request('GET', '/app/v1_0/user', undefined, as(renewed.body.data.token))).body.data.id, carol.id)
})

test('the studio lists the channels to every viewer', async () => {
  const id = await product.createChannel('汽车')
  assert.deepEqual((await product.request('GET', '/mp/v1_0/channels')).body.data, { channels: [{ id, name: '汽车' }] })
})
