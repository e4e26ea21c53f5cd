// A reader's new mobile number, confirmed with both, or given by an administrator.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ReaderId } from '../../src/base/id.ts'
import { runCli } from '../support/cli.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type SmsProvider, startSmsProvider } from '../support/sms-provider.ts'

let product: Product
let provider: SmsProvider

before(async () => {
  provider = await startSmsProvider()
  product = await startProduct({ env: { SMS_URL: provider.url, ADMIN_PASSWORD: 'first1password' } })
})

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
async function signIn(mobile: string) {
  assert.equal((await product.request('GET', `/app/v1_0/sms/codes/${mobile}`)).status, 200)
  const { status, body } = await product.request('POST', '/app/v1_0/authorizations', { mobile, code: provider.codeOf(mobile) })
  assert.equal(status, 201)
  const { user_id } = JSON.parse(Buffer.from(body.data.token.split('.')[1], 'base64url').toString())
  return { id: user_id as string, token: body.data.token as string, refresh: body.data.refresh_token as string }
}
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

test('a reader takes their account to a new number with codes from both; other sessions end, this one goes on', async () => {
  const [OLD, NEW] = ['13900001001', '13900001002']
  const alice = await signIn(OLD)
  await product.db.deleteFrom('sms_code').where('mobile', '=', OLD).execute()
  const elsewhere = await signIn(OLD)
  const send = (json: unknown) => product.request('POST', '/v1/me/mobile-codes', json, as(alice.token))
  assert.equal((await send(undefined)).status, 204)
  assert.equal((await send({ mobile: NEW })).status, 204)
  const [old_code, new_code] = [provider.codeOf(OLD), provider.codeOf(NEW)]
  const change = (json: object) =>
    product.request('PUT', '/v1/me/mobile', { mobile: NEW, old_code, new_code, ...json }, as(alice.token)).then(({ status }) => status)
  assert.equal(await change({ old_code: wrong(old_code) }), 400)
  assert.equal(await change({ new_code: wrong(new_code) }), 400)
  assert.equal(await change({ mobile: '13900001009' }), 400, 'the code belongs to another number')
  assert.equal(await change({}), 204)
  assert.equal(await change({}), 400, 'both codes are used up')
  assert.equal((await product.request('GET', '/app/v1_0/user', undefined, as(alice.token))).status, 200)
  assert.equal((await product.request('PUT', '/app/v1_0/authorizations', undefined, as(elsewhere.refresh))).status, 403)
  assert.equal((await signIn(NEW)).id, alice.id)
  await product.db.deleteFrom('sms_code').where('mobile', '=', OLD).execute()
  assert.notEqual((await signIn(OLD)).id, alice.id)
})

test('a number that another account has is refused, although its code is right; the codes stay valid', async () => {
  const [bob, other] = [await signIn('13900001003'), await signIn('13900001004')]
  await product.request('POST', '/v1/me/mobile-codes', undefined, as(bob.token))
  await product.request('POST', '/v1/me/mobile-codes', { mobile: '13900001004' }, as(bob.token))
  const [old_code, new_code] = [provider.codeOf('13900001003'), provider.codeOf('13900001004')]
  const change = () => product.request('PUT', '/v1/me/mobile', { mobile: '13900001004', old_code, new_code }, as(bob.token))
  assert.equal((await change()).status, 409)
  await sql`update reader set mobile = null where id = ${other.id}`.execute(product.db)

  // The number does not change while the other sessions go on.
  await sql`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`.execute(product.db)
  await sql`create trigger refuse before update on session for each row execute function refuse()`.execute(product.db)
  await product.db.deleteFrom('sms_number').execute()
  await product.db.deleteFrom('sms_code').where('purpose', '=', 'app').execute()
  const elsewhere = await signIn('13900001003')
  assert.equal((await change()).status, 500)
  assert.equal((await product.request('GET', '/app/v1_0/user', undefined, as(elsewhere.token))).status, 200)
  await sql`drop trigger refuse on session; drop function refuse`.execute(product.db)
  assert.equal((await change()).status, 204)
  assert.equal((await product.request('GET', '/app/v1_0/user', undefined, as(bob.token))).status, 200)
  assert.equal((await product.request('PUT', '/app/v1_0/authorizations', undefined, as(elsewhere.refresh))).status, 403)
})

test('an administrator gives a reader who lost their number a new one, and so does the command line', async () => {
  const carol = await signIn('13900001005')
  const carolId = BigInt(carol.id) as ReaderId
  const replacements = async () => {
    const entries = product.db.selectFrom('operation_log').select('administrator_name').orderBy('id')
    const rows = await entries.where('description', '=', `reader ${carol.id}`).execute()
    return rows.map(row => row.administrator_name)
  }
  const admin = await product.request('POST', '/mis/v1_0/authorizations', { account: 'admin', password: 'first1password' })
  const replace = (token: string) => product.request('PUT', `/v1/admin/readers/${carol.id}/mobile`, { mobile: '13900001006' }, as(token))
  assert.equal((await replace(carol.token)).status, 401)
  const refuseEntries = sql`alter table operation_log add constraint no_entries check (operation <> 'replace mobile number') not valid`
  await refuseEntries.execute(product.db)
  assert.equal((await replace(admin.body.data.token)).status, 500)
  await sql`alter table operation_log drop constraint no_entries`.execute(product.db)
  const { mobile } = await product.db.selectFrom('reader').select('mobile').where('id', '=', carolId).executeTakeFirstOrThrow()
  assert.equal(mobile, '13900001005', 'what is not recorded does not happen')
  assert.equal((await replace(admin.body.data.token)).status, 204)
  assert.deepEqual(await replacements(), ['admin'])
  assert.equal((await product.request('PUT', '/app/v1_0/authorizations', undefined, as(carol.refresh))).status, 403)
  assert.equal((await signIn('13900001006')).id, carol.id)
  const cli = (...words: string[]) => runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['reader', ...words])
  assert.equal((await cli('change-mobile', carol.id, '13900001007')).code, 0)
  assert.equal((await signIn('13900001007')).id, carol.id)
  assert.deepEqual(await replacements(), ['admin', 'command line'])
  assert.equal((await cli('freeze', carol.id)).code, 0)
  assert.deepEqual(await replacements(), ['admin', 'command line', 'command line'], 'so is what freezes a reader')
})
