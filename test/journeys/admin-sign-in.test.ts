import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { cheapPasswordHash } from '../support/password-hash.ts'
import { type Answer, type Person, type Product, SETTING, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const PASSWORD = 'first1password'
let product: Product
let alice: Person

before(async () => {
  product = await startProduct({ env: { ADMIN_ACCOUNT: 'editor', ADMIN_PASSWORD: PASSWORD }, withRealPassword: true })
  alice = await product.signIn('alice')
  assert.equal((await signIn({ account: 'editor', password: PASSWORD })).status, 201)
  await storePassword(PASSWORD)
})

const storePassword = (password: string) =>
  product.db
    .updateTable('administrator')
    .set({ password_hash: cheapPasswordHash(password) })
    .execute()
const signIn = (json: unknown) => product.request('POST', '/mis/v1_0/authorizations', json)
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const statusAndMessage = ({ status, body }: Answer) => [status, body?.message]
const signInEditor = async () => (await signIn({ account: 'editor', password: PASSWORD })).body.data

test('the first administrator signs in with the account and password of the settings', async () => {
  const { status, body, text } = await signIn({ account: 'editor', password: PASSWORD })
  assert.equal(status, 201)
  assert.deepEqual(Object.keys(body.data), ['token', 'refresh_token', 'administrator_id', 'group_id', 'name', 'permission_tree'])
  assert.match(text, /"administrator_id":\d{19},/)
  const claims = JSON.parse(Buffer.from(body.data.token.split('.')[1], 'base64url').toString())
  assert.equal(claims.administrator_id, String(body.data.administrator_id))
  assert.equal(claims.user_id, undefined)
})

test('the fields of a captcha are ignored', async () => {
  const { status } = await signIn({ account: 'editor', password: PASSWORD, challenge: 'a', validate: 'b', seccode: 'c' })
  assert.equal(status, 201)
})

test('a sign-in with missing fields, an unknown account or a wrong password is refused with its own message', async () => {
  for (const json of [
    undefined,
    {},
    { account: 'editor' },
    { password: PASSWORD },
    { account: '', password: '' },
    { account: 7, password: [] },
    [],
  ])
    assert.deepEqual(statusAndMessage(await signIn(json)), [400, 'Missing params.'], JSON.stringify(json))
  assert.deepEqual(statusAndMessage(await signIn({ account: 'x'.repeat(50_000), password: 'y' })), [400, 'Missing params.'])
  assert.deepEqual(statusAndMessage(await signIn({ account: 'nobody', password: PASSWORD })), [
    403,
    'Please verify your real information in web.',
  ])
  assert.deepEqual(statusAndMessage(await signIn({ account: 'editor', password: `${PASSWORD} ` })), [403, 'Wrong password'])
  assert.deepEqual(statusAndMessage(await signIn({ account: "editor' or 'a'='a", password: PASSWORD })), [
    403,
    'Please verify your real information in web.',
  ])
})

test('a token of one kind does not pass as another', async () => {
  await product.db.updateTable('reader').set({ is_verified: true }).where('id', '=', alice.id).execute()
  const studio = (await product.request('POST', '/mp/v1_0/authorizations', { mobile: alice.mobile, code: '246810' })).body.data
  const admin = await signInEditor()
  const tokens: Record<string, string> = {
    reader: alice.token,
    'reader refresh': alice.refreshToken,
    creator: studio.token,
    'creator refresh': studio.refresh_token,
    admin: admin.token,
    'admin refresh': admin.refresh_token,
  }
  const routes: Record<string, { method: string; path: string; accepts: string[] }> = {
    'as a reader': { method: 'GET', path: '/app/v1_0/user', accepts: ['reader', 'creator'] },
    'a new token of a reader': { method: 'PUT', path: '/app/v1_0/authorizations', accepts: ['reader refresh', 'creator refresh'] },
    'a new token of a creator': { method: 'PUT', path: '/mp/v1_0/authorizations', accepts: ['reader refresh', 'creator refresh'] },
    'as an administrator': { method: 'GET', path: '/v1/admin/jobs', accepts: ['admin'] },
    'a new token of an administrator': { method: 'PUT', path: '/mis/v1_0/authorizations', accepts: ['admin refresh'] },
  }
  for (const [route, { method, path, accepts }] of Object.entries(routes))
    for (const [kind, token] of Object.entries(tokens)) {
      const { status } = await product.request(method, path, undefined, bearer(token))
      assert.equal(status < 300, accepts.includes(kind), `${kind} token, ${route}: ${status}`)
      assert.ok(status < 500)
    }
  assert.deepEqual(statusAndMessage(await product.request('GET', '/v1/admin/jobs', undefined, bearer(admin.refresh_token))), [
    403,
    'Do not use refresh token.',
  ])
  assert.deepEqual(statusAndMessage(await product.request('GET', '/v1/admin/jobs')), [401, 'Administrator must be authorized.'])
})

test('a renewed token works like the first', async () => {
  const { refresh_token } = await signInEditor()
  const { status, body } = await product.request('PUT', '/mis/v1_0/authorizations', undefined, bearer(refresh_token))
  assert.equal(status, 201)
  assert.deepEqual(Object.keys(body.data), ['token'])
  assert.equal((await product.request('GET', '/v1/admin/jobs', undefined, bearer(body.data.token))).status, 200)
  assert.deepEqual(statusAndMessage(await product.request('PUT', '/mis/v1_0/authorizations')), [403, 'Wrong refresh token.'])
})

test('a password change needs the old password, and ends every other session', async () => {
  const [mine, stolen] = [await signInEditor(), await signInEditor()]
  const put = (json: unknown) => product.request('PUT', '/mis/v1_0/password', json, bearer(mine.token))
  assert.deepEqual(statusAndMessage(await put({ old_password: 'wrong1word', password: 'second2password' })), [403, 'Old password wrong.'])
  assert.equal((await put({ old_password: PASSWORD, password: 'short1' })).status, 400)
  assert.equal((await put({ old_password: PASSWORD, password: 'password1' })).status, 400)
  assert.deepEqual(statusAndMessage(await put({ old_password: PASSWORD, password: 'second2password' })), [201, 'ok'])
  assert.deepEqual(statusAndMessage(await signIn({ account: 'editor', password: PASSWORD })), [403, 'Wrong password'])
  assert.equal((await signIn({ account: 'editor', password: 'second2password' })).status, 201)
  assert.equal((await product.request('GET', '/v1/admin/jobs', undefined, bearer(mine.token))).status, 200)
  assert.equal((await product.request('PUT', '/mis/v1_0/authorizations', undefined, bearer(stolen.refresh_token))).status, 403)
  const seen = await eventually(
    () => product.request('GET', '/v1/admin/jobs', undefined, bearer(stolen.token)),
    answer => answer.status !== 200,
  )
  assert.deepEqual(statusAndMessage(seen), [401, 'Administrator must be authorized.'])
  assert.equal((await put({ old_password: 'second2password', password: PASSWORD })).status, 201)
})

test('a frozen administrator is refused', async () => {
  const { token, refresh_token } = await signInEditor()
  await product.db.updateTable('administrator').set({ frozen: true }).execute()
  const seen = await eventually(
    () => product.request('GET', '/v1/admin/jobs', undefined, bearer(token)),
    answer => answer.status !== 200,
  )
  assert.deepEqual(statusAndMessage(seen), [403, 'Administrator does not exist.'])
  assert.equal((await product.request('PUT', '/mis/v1_0/authorizations', undefined, bearer(refresh_token))).status, 403)
  assert.equal((await signIn({ account: 'editor', password: PASSWORD })).status, 403)
  await product.db.updateTable('administrator').set({ frozen: false }).execute()
})

// The limit of a thousand over all networks is counted in the rows.
const APART = SETTING !== 'embedded' && 'wrong passwords from one address are counted in each process as well, and forgotten with it'

test('mallory, who guesses ten passwords, is then told how long to wait', { skip: APART }, async () => {
  await storePassword(PASSWORD)
  const tries = await Promise.all(Array.from({ length: 11 }, (_, i) => signIn({ account: 'editor', password: `guess${i}` })))
  assert.deepEqual(tries.map(one => one.status).toSorted(), [...Array(10).fill(403), 429])
  const late = await signIn({ account: 'editor', password: PASSWORD })
  assert.equal(late.status, 429)
  assert.ok(Number(late.headers.get('retry-after')) > 60)
})
