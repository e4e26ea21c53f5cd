// The second factor of administrators, over the API.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { generate } from 'otplib'
import { type Answer, type Product, startProduct } from '../support/product.ts'

const PASSWORD = 'first1password'
let product: Product

before(async () => {
  product = await startProduct({ env: { ADMIN_ACCOUNT: 'editor', ADMIN_PASSWORD: PASSWORD } })
})

const signIn = (json: unknown) => product.request('POST', '/mis/v1_0/authorizations', json)
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const statusAndMessage = ({ status, body }: Answer) => [status, body?.message]
const signInEditor = async () => (await signIn({ account: 'editor', password: PASSWORD })).body.data

test('an administrator with a second factor signs in with its code or a recovery code, each once; without one nothing changes', async () => {
  const call = (method: string, path: string, json: unknown, token: string) =>
    product.request(method, `/v1/admin${path}`, json, bearer(token))
  const [mine, other] = [await signInEditor(), await signInEditor()]
  assert.equal((await signIn({ account: 'editor', password: PASSWORD, otp: '' })).status, 201)
  assert.equal((await call('POST', '/second-factor', { password: 'wrong1word' }, mine.token)).status, 403)
  const { secret, uri } = (await call('POST', '/second-factor', { password: PASSWORD }, mine.token)).body.data
  assert.match(uri, /^otpauth:\/\/totp\/Broadsheet:editor\?/)
  assert.equal((await signInEditor()).name, 'editor', 'it counts once it is confirmed')
  // Codes of the step before, of this one and of the next are right, so that phones may be slow or fast.
  const now = Math.floor(Date.now() / 1_000)
  const codeAt = (epoch: number) => generate({ secret, epoch })
  assert.equal((await call('POST', '/second-factor/confirmation', { code: await codeAt(now - 3_600) }, mine.token)).status, 403)
  const confirmed = await call('POST', '/second-factor/confirmation', { code: await codeAt(now) }, mine.token)
  assert.equal(confirmed.status, 201)
  const [recovery] = confirmed.body.data.recovery_codes
  assert.equal((await product.request('PUT', '/mis/v1_0/authorizations', undefined, bearer(other.refresh_token))).status, 403)
  const withCode = async (otp?: string) => statusAndMessage(await signIn({ account: 'editor', password: PASSWORD, otp }))
  assert.deepEqual(await withCode(), [403, 'Second factor required.'])
  const reasonWith = async (otp?: string) => (await signIn({ account: 'editor', password: PASSWORD, otp })).body.reason
  assert.deepEqual([await reasonWith(), await reasonWith(await codeAt(now))], ['code-required', 'wrong-code'])
  assert.deepEqual(await withCode(await codeAt(now)), [403, 'Wrong code.'], 'it was used for the confirmation')
  const next = await codeAt(now + 30)
  const answers = await Promise.all([withCode(next), withCode(next)])
  assert.deepEqual(answers.toSorted(), [
    [201, 'OK'],
    [403, 'Wrong code.'],
  ])
  assert.deepEqual(await withCode(recovery.toUpperCase()), [201, 'OK'])
  assert.deepEqual(await withCode(recovery), [403, 'Wrong code.'])
  assert.equal((await signIn({ account: 'editor', password: 'wrong1word', otp: next })).body.message, 'Wrong password')
  const stored = await product.db.selectFrom('second_factor').selectAll().executeTakeFirstOrThrow()
  assert.ok(!stored.secret.toString('latin1').includes(secret), 'the secret is encrypted')
  const state = await call('GET', '/second-factor', undefined, mine.token)
  assert.deepEqual(state.body.data, { enabled: true, recovery_codes: 9 })
  const away = await signIn({ account: 'editor', password: PASSWORD, otp: confirmed.body.data.recovery_codes[2] })
  const renew = () => product.request('PUT', '/mis/v1_0/authorizations', undefined, bearer(away.body.data.refresh_token))
  assert.equal((await renew()).status, 201)
  assert.equal((await call('DELETE', '/me/sessions/current', undefined, away.body.data.token)).status, 204)
  assert.equal((await renew()).status, 403, 'who has signed out is signed out')
  assert.equal((await call('GET', '/me', undefined, away.body.data.token)).status, 401)
  assert.equal((await call('GET', '/me', undefined, mine.token)).status, 200)
  const [, last] = confirmed.body.data.recovery_codes
  assert.equal((await call('DELETE', '/second-factor', { password: PASSWORD, code: last }, mine.token)).status, 204)
  assert.equal((await signInEditor()).name, 'editor')
  assert.equal((await call('DELETE', '/me/sessions', undefined, mine.token)).status, 204)
  assert.equal((await call('GET', '/me', undefined, mine.token)).status, 401, 'everywhere')
})
