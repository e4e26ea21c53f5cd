// Administrators of a test product, without the quarter of a second that a real password costs.

import type { AdministratorId } from '../../src/base/id.ts'
import type { Answer } from './http-answer.ts'
import { cheapPasswordHash } from './password-hash.ts'
import type { Product } from './product.ts'

export const ADMIN_PASSWORD = 'first1password'
/** Settings with which the product starts: the first administrator may do everything. */
export const OFFICE_ENV = { ADMIN_ACCOUNT: 'editor', ADMIN_PASSWORD }
/** The groups of the migration. */
export const ALL_GROUP = 1
export const MODERATORS = 2

export interface Administrator {
  id: AdministratorId
  token: string
  get(path: string): Promise<Answer>
  post(path: string, json?: unknown): Promise<Answer>
  put(path: string, json?: unknown): Promise<Answer>
  patch(path: string, json?: unknown): Promise<Answer>
  delete(path: string, json?: unknown): Promise<Answer>
}

let nextId = 77n * 10n ** 16n

export async function addAdministrator({ db }: Product, account: string, groupId: number): Promise<AdministratorId> {
  const id = nextId++ as AdministratorId
  const row = { id, account, name: account, group_id: groupId, password_hash: cheapPasswordHash(ADMIN_PASSWORD) }
  await db.insertInto('administrator').values(row).execute()
  return id
}

/** Signs in with ADMIN_PASSWORD. */
export async function signInAdministrator(product: Product, account = 'editor'): Promise<Administrator> {
  const { body } = await product.request('POST', '/mis/v1_0/authorizations', { account, password: ADMIN_PASSWORD })
  const { token, administrator_id } = body.data
  const call = (method: string) => (path: string, json?: unknown) =>
    product.request(method, path, json, { headers: { authorization: `Bearer ${token}` } })
  const methods = { get: call('GET'), post: call('POST'), put: call('PUT'), patch: call('PATCH'), delete: call('DELETE') }
  return { id: BigInt(administrator_id) as AdministratorId, token, ...methods }
}

/** The newest entry of the operation log. */
export const lastOperation = ({ db }: Product) =>
  db.selectFrom('operation_log').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
