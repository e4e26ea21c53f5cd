// Sign-in codes sent through SMS_URL.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Product, startProduct } from '../support/product.ts'
import { type SmsProvider, startSmsProvider } from '../support/sms-provider.ts'

let product: Product
let provider: SmsProvider

before(async () => {
  provider = await startSmsProvider()
  product = await startProduct({ env: { SMS_URL: provider.url } })
})

async function codeFor(mobile: string, surface = 'app'): Promise<string> {
  assert.equal((await product.request('GET', `/${surface}/v1_0/sms/codes/${mobile}`)).status, 200)
  const last = provider.sent.at(-1)
  assert.equal(last?.mobile, mobile)
  assert.match(last?.code ?? '', /^\d{6}$/)
  return last?.code as string
}
const signIn = (mobile: string, code: string, surface = 'app') =>
  product.request('POST', `/${surface}/v1_0/authorizations`, { mobile, code })
const wrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
const statusAndMessage = (answer: { status: number; body: any }) => [answer.status, answer.body.message]
const REFUSED = [400, 'Invalid code.']

test('a reader signs in once with the code that was sent, and not with the demo code', async () => {
  const code = await codeFor('13900000001')
  if (code !== '246810') assert.deepEqual(statusAndMessage(await signIn('13900000001', '246810')), REFUSED)
  assert.deepEqual(statusAndMessage(await signIn('13900000002', code)), REFUSED, 'the code is valid for one number only')
  assert.equal((await signIn('13900000001', code)).status, 201)
  assert.deepEqual(statusAndMessage(await signIn('13900000001', code)), REFUSED)
})

test('a code is invalid after five wrong attempts', async () => {
  const code = await codeFor('13900000003')
  for (let i = 0; i < 5; i++) assert.deepEqual(statusAndMessage(await signIn('13900000003', wrongCode(code))), REFUSED)
  assert.deepEqual(statusAndMessage(await signIn('13900000003', code)), REFUSED)
})

test('the right code works after four wrong attempts', async () => {
  const code = await codeFor('13900000004')
  for (let i = 0; i < 4; i++) await signIn('13900000004', wrongCode(code))
  assert.equal((await signIn('13900000004', code)).status, 201)
})

test('a code sent fifty times at once signs in exactly once', async () => {
  const code = await codeFor('13900000005')
  const answers = await Promise.all(Array.from({ length: 50 }, () => signIn('13900000005', code)))
  assert.equal(answers.filter(answer => answer.status === 201).length, 1)
  assert.equal(answers.filter(answer => answer.status === 400).length, 49)
})

test('a code expires after five minutes', async () => {
  const code = await codeFor('13900000006')
  await product.db
    .updateTable('sms_code')
    .set({ expires_at: new Date(Date.now() - 1) })
    .where('mobile', '=', '13900000006')
    .execute()
  assert.deepEqual(statusAndMessage(await signIn('13900000006', code)), REFUSED)
})

test('a code for the reader app does not sign in to the studio', async () => {
  const reader = await product.db
    .insertInto('reader')
    .values({ id: 77n as never, mobile: '13900000007', name: '创作者', is_verified: true })
    .returning('id')
    .executeTakeFirstOrThrow()
  assert.equal(reader.id, 77n)
  const [studio, code] = [await codeFor('13900000007', 'mp'), await codeFor('13900000007')]
  if (studio !== code) assert.deepEqual(statusAndMessage(await signIn('13900000007', code, 'mp')), REFUSED)
  assert.equal((await signIn('13900000007', code)).status, 201)
  assert.equal((await signIn('13900000007', studio, 'mp')).status, 201)
})

test('if the SMS provider is down, the reader is told so and may request another code at once', async () => {
  provider.works = false
  const failed = await product.request('GET', '/app/v1_0/sms/codes/13900000008')
  assert.deepEqual(statusAndMessage(failed), [503, 'The code could not be sent. Please try again later.'])
  assert.ok(Number(failed.headers.get('retry-after')) >= 1)
  const late = provider.codeOf('13900000008')
  provider.works = true
  const code = await codeFor('13900000008')
  if (late !== code) assert.deepEqual(statusAndMessage(await signIn('13900000008', late)), REFUSED)
  assert.equal((await signIn('13900000008', code)).status, 201)
})

const minutePassed = (mobile: string) =>
  product.db
    .updateTable('sms_code')
    .set({ sent_at: new Date(Date.now() - 61_000) })
    .where('mobile', '=', mobile)
    .execute()

test('a number gets five codes an hour, whatever they are for', async () => {
  const mobile = '13900000009'
  for (let i = 0; i < 5; i++) {
    await codeFor(mobile, i % 2 ? 'mp' : 'app')
    await minutePassed(mobile)
  }
  const refused = await product.request('GET', `/app/v1_0/sms/codes/${mobile}`)
  assert.deepEqual(statusAndMessage(refused), [429, 'Too many requests.'])
  assert.ok(Number(refused.headers.get('retry-after')) > 3_500)
  await product.db
    .updateTable('sms_number')
    .set({ since: new Date(Date.now() - 3_601_000) })
    .where('mobile', '=', mobile)
    .execute()
  await codeFor(mobile)
})

test('a reader whose five attempts others have used up asks for a new code and signs in', async () => {
  const mobile = '13900000010'
  const code = await codeFor(mobile)
  const guesses = await Promise.all(
    Array.from({ length: 40 }, (_, i) => signIn(mobile, String((Number(code) + 1 + i) % 1_000_000).padStart(6, '0'))),
  )
  assert.deepEqual([...new Set(guesses.map(({ status }) => status))], [400])
  assert.deepEqual(statusAndMessage(await signIn(mobile, code)), REFUSED)
  await minutePassed(mobile)
  assert.equal((await signIn(mobile, await codeFor(mobile))).status, 201)
})

test("when the day's messages are used up no more are sent, until the next day", async () => {
  const { db } = product
  const today = await db.selectFrom('sms_day').select(['day', 'sent']).executeTakeFirstOrThrow()
  assert.ok(today.sent >= provider.sent.length - 1, 'each message was counted')
  await db.updateTable('sms_day').set({ sent: 10_000 }).execute()
  const before = provider.sent.length
  assert.equal((await product.request('GET', '/app/v1_0/sms/codes/13900000012')).status, 503)
  assert.equal(provider.sent.length, before)
  await db.updateTable('sms_day').set({ day: '2026-01-01' }).execute()
  await codeFor('13900000012')
})
