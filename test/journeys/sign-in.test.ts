import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { pino } from 'pino'
import { type Person, type Product, SETTING, startProduct } from '../support/product.ts'
import { repeat } from '../support/repeat.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let alice: Person

before(async () => {
  product = await startProduct()
  alice = await product.signIn('alice')
})

const CODE = '246810'
const AUTHORIZATIONS = '/app/v1_0/authorizations'
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const getWithToken = (token: string, path = '/app/v1_0/user') => product.request('GET', path, undefined, bearer(token))
const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
const statusAndMessage = (answer: { status: number; body: any }) => [answer.status, answer.body.message]

test('a mobile number gets one code a minute, and other texts get none', async () => {
  const codes = (mobile: string) => product.request('GET', `/app/v1_0/sms/codes/${mobile}`)
  const first = await codes('13911110001')
  assert.deepEqual([first.status, first.body], [200, { message: 'OK', data: { mobile: '13911110001' } }])
  const again = await codes('13911110001')
  assert.deepEqual(statusAndMessage(again), [429, 'Too many requests.'])
  const wait = Number(again.headers.get('retry-after'))
  assert.ok(wait > 0 && wait <= 60, `${wait} s`)
  for (const wrong of ['12911110001', '1391111000', '139111100011', '+13911110001', '１3911110001', 'abc', '13911110001%0a'])
    assert.equal((await codes(wrong)).status, 404, wrong)
})

// Limits are hints: without Redis, each process starts counting from zero.
const FORGETFUL = SETTING === 'cleared' && 'limits are forgotten with the process'

test('one client network gets a hundred codes an hour', { skip: FORGETFUL }, async () => {
  const { request } = await startProduct()
  const statuses: number[] = []
  const isOver = () => statuses.length > 102 && statuses.slice(-3).every(status => status === 429)
  let wait = 0
  while (!isOver() && statuses.length < 400) {
    const { status, headers } = await request('GET', `/v1_0/sms/codes/1380001${String(statuses.length).padStart(4, '0')}`)
    statuses.push(status)
    wait = Number(headers.get('retry-after'))
  }
  const sent = statuses.filter(status => status === 200).length
  assert.deepEqual(statuses.slice(-3), [429, 429, 429])
  assert.ok(wait > 60 && wait <= 3_600, `retry after ${wait} s`)
  // If Redis answers late, each process counts for itself.
  if (SETTING === 'cluster') assert.ok(sent >= 100 && sent <= 300, `${sent} were sent`)
  else assert.deepEqual(statuses, [...Array(100).fill(200), 429, 429, 429])
})

const WARN = pino.levels.values.warn

test('sign-ins, sign-outs, refusals and replayed tokens are events in the log, with ids and without secrets', async () => {
  const lines: string[] = []
  const { request } = await startProduct({ log: pino({ level: 'info' }, { write: line => void lines.push(line) }) })
  const mobile = '13911110055'
  const signIn = (code: string) => request('POST', AUTHORIZATIONS, { mobile, code })
  await signIn('000000')
  const { token, refresh_token } = (await signIn(CODE)).body.data
  const { user_id: reader } = payloadOf(token)
  await request('GET', '/v1_0/user', undefined, bearer(refresh_token))
  await request('GET', '/v1/admin/jobs', undefined, bearer(token))
  await request('GET', '/v1_0/user') // no token: nothing was refused to anyone
  await request('DELETE', '/v1/me/sessions/current', undefined, bearer(token))
  const events = () => lines.map(line => JSON.parse(line)).filter(({ kind }) => kind === 'security')
  await eventually(events, found => found.length >= 5)
  assert.deepEqual(
    events().map(({ event, reader: id, status }) => [event, id, status]),
    [
      ['refused', undefined, 400],
      ['reader signed in', reader, undefined],
      ['refused', undefined, 403],
      ['refused', undefined, 401],
      ['reader signed out', reader, undefined],
    ],
  )
  const first = (await signIn(CODE)).body.data.refresh_token
  const rotate = (old: string) => request('PUT', AUTHORIZATIONS, { rotate: true }, bearer(old))
  await rotate((await rotate(first)).body.data.refresh_token)
  assert.equal((await rotate(first)).status, 403)
  const replays = () => events().filter(({ event }) => event === 'refresh token replayed')
  const [replay] = await eventually(replays, ({ length }) => length > 0)
  assert.deepEqual([replay?.reader, replay?.level], [reader, WARN])
  for (const { id, session, address } of events()) assert.ok((id && address) || session)
  for (const secret of [token, refresh_token, CODE, mobile, '000000']) assert.ok(!lines.join('').includes(secret))
})

test('tokens, and what one viewer gets, are kept by no cache', async () => {
  const tokens = { authorization: `Bearer ${alice.refreshToken}` }
  const answers = [
    await product.request('POST', AUTHORIZATIONS, { mobile: alice.mobile, code: CODE }),
    await product.request('PUT', AUTHORIZATIONS, undefined, { headers: tokens }),
    await alice.get('/v1_0/user/profile'),
    await alice.get(`/v1_0/users/${alice.id}`),
    await product.request('GET', '/v1_0/user/profile'),
    await product.request('GET', '/v1_0/user/channels'),
  ]
  for (const [i, { headers }] of answers.entries()) assert.equal(headers.get('cache-control'), 'no-store', String(i))
  for (const path of ['/v1_0/channels', '/openapi.json'])
    assert.equal((await product.request('GET', path)).headers.get('cache-control'), null, path)
})

test('the right code registers a new number, and signs in the same reader the next time', async () => {
  const mobile = '13911110002'
  const first = await product.request('POST', AUTHORIZATIONS, { mobile, code: CODE, agree: true })
  assert.equal(first.status, 201)
  assert.deepEqual(Object.keys(first.body), ['message', 'data'])
  assert.deepEqual(Object.keys(first.body.data), ['token', 'refresh_token'])
  assert.equal(first.body.message, 'OK')
  const again = await product.request('POST', '/v1_0/authorizations', { mobile, code: CODE })
  const [one, two] = [first, again].map(answer => payloadOf(answer.body.data.token))
  assert.equal(typeof one.user_id, 'string')
  assert.equal(one.user_id, two.user_id)
  assert.equal(one.exp - one.iat, 7200)
  assert.equal((await getWithToken(first.body.data.token, '/v1_0/user')).body.data.id, one.user_id)
})

test('a newcomer is named in the language of their client', async () => {
  const nameIn = async (mobile: string, language: string) => {
    const signedIn = await product.request('POST', AUTHORIZATIONS, { mobile, code: CODE }, { headers: { 'accept-language': language } })
    return (await getWithToken(signedIn.body.data.token)).body.data.name
  }
  assert.match(await nameIn('13911110071', 'en-GB,zh;q=0.8'), /^U-[0-9a-z]{5}$/)
  assert.match(await nameIn('13911110072', 'zh-CN'), /^用户[0-9a-z]{5}$/)
  assert.match(await nameIn('13911110073', '*'), /^用户[0-9a-z]{5}$/)
  assert.match(await nameIn('13911110071', 'zh-CN'), /^U-/, 'a name stays')
})

test('concurrent first sign-ins with one number register one reader', async () => {
  const sent = { mobile: '13911110003', code: CODE }
  const answers = await repeat(20, () => product.request('POST', AUTHORIZATIONS, sent))
  assert.deepEqual(new Set(answers.map(answer => answer.status)), new Set([201]))
  assert.equal(new Set(answers.map(answer => payloadOf(answer.body.data.token).user_id)).size, 1)
})

test('a wrong code and an invalid number are refused with a message', async () => {
  const wrong = await product.request('POST', AUTHORIZATIONS, { mobile: '13911110002', code: '123456' })
  assert.deepEqual(statusAndMessage(wrong), [400, 'Invalid code.'])
  for (const body of [
    {},
    { mobile: '13911110002' },
    { mobile: 13911110002, code: CODE },
    { mobile: '1391111000', code: CODE },
    { mobile: '13911110002', code: '24681' },
  ]) {
    const answer = await product.request('POST', AUTHORIZATIONS, body)
    assert.equal(answer.status, 400)
    assert.equal(typeof answer.body.message, 'string')
  }
})

test('a refresh token gets a new access token, with any body', async () => {
  const forms = { 'content-type': 'application/x-www-form-urlencoded' } // axios sends this for a null body
  const json = { 'content-type': 'application/json' }
  const { authorization } = bearer(alice.refreshToken).headers
  for (const [headers, body] of [
    [{}, undefined],
    [forms, ''],
    [json, ''],
    [json, 'null'],
    [json, '{}'],
    [json, '{"id":1}'],
  ] as const) {
    const answer = await product.request('PUT', AUTHORIZATIONS, undefined, { headers: { ...headers, authorization }, body })
    assert.equal(answer.status, 201, `${JSON.stringify(headers)} ${body}`)
    assert.deepEqual(Object.keys(answer.body.data), ['token'])
    assert.equal((await getWithToken(answer.body.data.token)).status, 200)
  }
})

test('a renewal with anything but a refresh token is refused', async () => {
  for (const given of [alice.token, '', 'undefined', 'null', 'x'.repeat(5000), alice.refreshToken.slice(0, -4), `${alice.refreshToken}a`])
    assert.deepEqual(
      statusAndMessage(await product.request('PUT', AUTHORIZATIONS, {}, bearer(given))),
      [403, 'Wrong refresh token.'],
      given,
    )
  assert.deepEqual(statusAndMessage(await product.request('PUT', AUTHORIZATIONS, {})), [403, 'Wrong refresh token.'])
})

test('a refresh token is accepted for renewals only', async () => {
  assert.deepEqual(statusAndMessage(await getWithToken(alice.refreshToken)), [403, 'Do not use refresh token.'])
  assert.deepEqual(statusAndMessage(await getWithToken(alice.refreshToken, '/app/v1_0/user/channels')), [401, 'Token has some errors.'])
  assert.equal((await getWithToken(alice.refreshToken, '/app/v1_0/channels')).status, 200)
})

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const hs256 = (claims: unknown, header: unknown = { alg: 'HS256', typ: 'at+jwt' }, key = 'secret') => {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}

test('a token that is not ours is refused, and ignored by routes that are open to all', async () => {
  const [head, body, signature] = alice.token.split('.') as [string, string, string]
  const claims = payloadOf(alice.token)
  const bob = { ...claims, user_id: '1' }
  const bad = {
    'of another key': hs256(claims),
    'of an empty key': hs256(claims, undefined, ''),
    unsigned: `${part({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
    'unsigned with our signature': `${part({ alg: 'none' })}.${body}.${signature}`,
    'of another reader': `${head}.${part(bob)}.${signature}`,
    'without a signature': `${head}.${body}`,
    'cut short': alice.token.slice(0, -10),
    'of the old backend': hs256({ user_id: 1, refresh: false, exp: claims.exp }, { alg: 'HS256', typ: 'JWT' }),
    'three dots': '...',
    undefined: 'undefined',
    null: 'null',
    nothing: '',
    'in two parts': `${alice.token} ${alice.token}`,
    huge: 'a'.repeat(9000),
  }
  for (const [which, token] of Object.entries(bad)) {
    assert.deepEqual(statusAndMessage(await getWithToken(token)), [401, 'User must be authorized.'], which)
    assert.deepEqual(statusAndMessage(await getWithToken(token, '/app/v1_0/user/channels')), [401, 'Token has some errors.'], which)
    assert.equal((await getWithToken(token, '/app/v1_0/channels')).status, 200, which)
  }
  for (const authorization of ['Bearer', 'Basic YTpi', alice.token, 'Anony phone-1'])
    assert.equal((await product.request('GET', '/app/v1_0/user', undefined, { headers: { authorization } })).status, 401, authorization)
  assert.equal((await product.request('GET', '/app/v1_0/user')).status, 401)
})

test('a frozen reader is refused everywhere within two seconds', async t => {
  const mallory = await product.signIn('mallory')
  assert.equal((await mallory.get('/app/v1_0/user')).status, 200)
  await product.db.updateTable('reader').set({ frozen: true }).where('id', '=', mallory.id).execute()
  const began = performance.now()
  const answer = await eventually(
    () => mallory.get('/app/v1_0/user'),
    one => one.status !== 200,
  )
  t.diagnostic(`after ${Math.round(performance.now() - began)} ms`) // without the check, the token would be valid for hours
  assert.deepEqual(statusAndMessage(answer), [403, 'User denied.'])
  assert.deepEqual(statusAndMessage(await mallory.get('/app/v1_0/user/channels')), [403, 'User denied.'])
  assert.equal((await mallory.get('/app/v1_0/channels')).status, 200)
  assert.deepEqual(statusAndMessage(await product.request('PUT', AUTHORIZATIONS, {}, bearer(mallory.refreshToken))), [403, 'User denied.'])
  assert.deepEqual(statusAndMessage(await product.request('POST', AUTHORIZATIONS, { mobile: mallory.mobile, code: CODE })), [
    403,
    'Invalid user.',
  ])
})

test('after a session has been revoked both its tokens are refused, and other sessions stay', async () => {
  const [phone, tablet] = [await product.signIn('bob'), await product.signIn('bob')]
  await product.db
    .updateTable('session')
    .set({ revoked_at: new Date() })
    .where('id', '=', BigInt(payloadOf(phone.token).sid) as never)
    .execute()
  const answer = await eventually(
    () => phone.get('/app/v1_0/user'),
    one => one.status !== 200,
  )
  assert.deepEqual(statusAndMessage(answer), [401, 'User must be authorized.'])
  assert.deepEqual(statusAndMessage(await product.request('PUT', AUTHORIZATIONS, {}, bearer(phone.refreshToken))), [
    403,
    'Wrong refresh token.',
  ])
  assert.equal((await tablet.get('/app/v1_0/user')).status, 200)
})

describe('the studio', () => {
  let carol: Person
  let dave: Person

  before(async () => {
    ;[carol, dave] = await Promise.all([product.signIn('carol'), product.signIn('dave', '13800000020')])
    await product.db.updateTable('reader').set({ is_verified: true }).where('id', '=', carol.id).execute()
  })

  const signInToStudio = (mobile: string, code = CODE) => product.request('POST', '/mp/v1_0/authorizations', { mobile, code })

  test('a verified creator signs in to the studio, and gets their id, name and photo', async () => {
    const { status, body, text } = await signInToStudio(carol.mobile)
    assert.equal(status, 201)
    assert.deepEqual(Object.keys(body.data), ['token', 'refresh_token', 'id', 'name', 'photo'])
    assert.match(text, /"id":\d{19},/)
    assert.equal(body.data.id, carol.id)
    assert.equal(body.data.photo, `${product.url}/drawn/avatar-${carol.id}.svg`, 'a URL, also for a creator without a photo')
    assert.equal((await fetch(body.data.photo)).status, 200)
  })

  test('a reader who is not verified, or a number that is not registered, cannot sign in to the studio, and is not registered', async () => {
    const refusal = [403, 'Please verify your real information in app.']
    assert.deepEqual(statusAndMessage(await signInToStudio(dave.mobile)), refusal)
    assert.deepEqual(statusAndMessage(await signInToStudio('13800000099')), refusal)
    assert.deepEqual(await product.db.selectFrom('reader').select('id').where('mobile', '=', '13800000099').execute(), [])
    assert.deepEqual(statusAndMessage(await signInToStudio(carol.mobile, '123456')), [400, 'Invalid code.'])
  })

  test('a frozen creator is refused', async () => {
    const erin = await product.signIn('erin', '13800000021')
    await product.db.updateTable('reader').set({ is_verified: true, frozen: true }).where('id', '=', erin.id).execute()
    assert.deepEqual(statusAndMessage(await signInToStudio(erin.mobile)), [403, 'User denied.'])
  })

  test('a renewed studio token is a studio token, and also works in the reader app', async () => {
    const { data } = (await signInToStudio(carol.mobile)).body
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
})
