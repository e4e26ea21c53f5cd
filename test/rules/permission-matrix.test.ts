// Calls every route for administrators as everyone who should not, and as everyone who should: what each may do is what
// access-matrix.txt says. Each code has a number; a group has the codes with one of its bits, so two codes differ in some group.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PERMISSION_CODES, type PermissionCode } from '../../src/base/permissions.ts'
import { ADMIN_PASSWORD, addAdministrator, MODERATORS, OFFICE_ENV } from '../support/office.ts'
import { type Product, startProduct } from '../support/product.ts'

const PREFIXES: Record<string, string> = { admin: '/mis/v1_0', 'own admin': '/v1/admin', own: '/v1' }
const LINE = /^(admin|own admin|own) +(\w+) +admin +(\S+) +(\S+)$/gm
const BITS = 7

/** No row has this id, so that a call which is let in changes nothing. */
const NO_ID = '999999999'
const routes = [...readFileSync(join(import.meta.dirname, 'access-matrix.txt'), 'utf8').matchAll(LINE)]
  .map(([, surface = '', method = '', path = '', permission = '']) => ({
    method,
    path:
      PREFIXES[surface] +
      path
        .replace(/:picture/, 'id_card_front')
        .replace(/(?<!:):\w+/g, NO_ID)
        .replace('::', ':'),
    permission,
  }))
  // Everyone may end their own session, which the other calls need (journeys/second-factor.test.ts).
  .filter(({ method, path }) => method !== 'HEAD' && !path.startsWith('/v1/admin/me/sessions'))

const hasBit = (code: string, bit: number) => (((PERMISSION_CODES.indexOf(code as PermissionCode) + 1) >> bit) & 1) === 1

async function createGroup({ db }: Product, name: string, isAllowed: (code: string) => boolean): Promise<number> {
  const { id } = await db.insertInto('administrator_group').values({ name }).returning('id').executeTakeFirstOrThrow()
  const permissions = await db.selectFrom('permission').select(['id', 'code']).where('type', '=', 1).execute()
  const rows = permissions.filter(({ code }) => isAllowed(code)).map(({ id: permission_id }) => ({ group_id: id, permission_id }))
  await db.insertInto('group_permission').values(rows).execute()
  return id
}

test('the bits tell all codes apart', () => assert.ok(PERMISSION_CODES.length < 2 ** BITS))

test('every operation of the admin API is open to the administrators whose group allows it, and to nobody else', async t => {
  const product = await startProduct({ env: OFFICE_ENV, alwaysEmbedded: true })
  const tokenOf = async (account: string) =>
    (await product.request('POST', '/mis/v1_0/authorizations', { account, password: ADMIN_PASSWORD })).body.data.token
  const moderatorCodes = await product.db
    .selectFrom('group_permission')
    .innerJoin('permission', 'permission.id', 'permission_id')
    .select('code')
    .where('group_id', '=', MODERATORS)
    .execute()
  await addAdministrator(product, 'moderator', MODERATORS)
  const callers: { name: string; token: string | undefined; refusal: number; allows(code: string): boolean }[] = [
    { name: 'anonymous', token: undefined, refusal: 401, allows: () => false },
    { name: 'reader', token: (await product.signIn('alice')).token, refusal: 401, allows: () => false },
    { name: 'creator', token: (await product.signInToStudio('bob')).token, refusal: 401, allows: () => false },
    { name: 'first administrator', token: await tokenOf('editor'), refusal: 403, allows: () => true },
    { name: 'moderator', token: await tokenOf('moderator'), refusal: 403, allows: code => moderatorCodes.some(row => row.code === code) },
  ]
  for (let bit = 0; bit < BITS; bit++) {
    const account = `bits${bit}`
    await addAdministrator(product, account, await createGroup(product, account, code => hasBit(code, bit)))
    callers.push({ name: account, token: await tokenOf(account), refusal: 403, allows: code => hasBit(code, bit) })
  }

  const wrong: string[] = []
  for (const { method, path, permission } of routes)
    for (const { name, token, refusal, allows } of callers) {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const { status, body } = await product.request(method, path, method === 'GET' ? undefined : {}, { headers })
      const isRefused = status === 401 || (status === 403 && body.message === 'Permission denied.')
      const isAllowed = permission === '-' ? refusal === 403 : allows(permission)
      if (isRefused === isAllowed || (isRefused && status !== refusal) || status >= 500) wrong.push(`${name}: ${method} ${path}: ${status}`)
    }
  t.diagnostic(`${routes.length} routes, ${callers.length} callers, ${routes.length * callers.length} cells`)
  assert.deepEqual(wrong, [])
})
