// Administrators who manage administrators. One who may do everything always remains.

import { requireAccount } from '../../base/account-name.ts'
import { changedFields } from '../../base/changed-fields.ts'
import type { AdministratorId } from '../../base/id.ts'
import { forbidden, invalid } from '../../base/problem.ts'
import type { SecurityLog } from '../../base/security-log.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import {
  type AdministratorRow,
  administratorsOf,
  deleteAdministrators,
  isAdministered,
  listAdministrators,
  updateAdministrator,
} from './administrators.sql.ts'
import { createAdministrator, endAdminSessions } from './admins.sql.ts'
import { keepGroup } from './groups.sql.ts'
import type { CheckLimited } from './limited-check.ts'
import type { OperationLog } from './operation-log.ts'
import { hashPassword, requireAcceptablePassword, verifyPassword } from './passwords.ts'
import { requireAtLeastGroup } from './powers.ts'

export type Administrators = ReturnType<typeof createAdministrators>

export const NAME_MAX = 50
export const UNKNOWN_ID = 'Invalid administrator id.'
const LAST = 'The last administrator who may do everything cannot be deleted, frozen or moved to another group.'

export interface AdministratorChange {
  account?: string
  password?: string
  name?: string
  group_id?: number
  frozen?: boolean
  email?: string
  mobile?: string
  /** The password of the account that is changed. Needed to change one's own. */
  current_password?: string
}

export interface AdministratorsNeeds {
  db: Db
  newId: () => bigint
  operationLog: OperationLog
  /** So that a stolen session cannot guess passwords here. */
  checkLimited: CheckLimited
  securityLog: SecurityLog
  onPasswordChanged(account: string): Promise<void>
  /** Called after a change of who may sign in or of what they may do. */
  onChanged(): void
}

export function createAdministrators({
  db,
  newId,
  operationLog,
  checkLimited,
  securityLog,
  onPasswordChanged,
  onChanged,
}: AdministratorsNeeds) {
  async function requireGroup(tx: Tx, operator: Operator, groupId: number): Promise<void> {
    if (!(await keepGroup(tx, groupId))) throw invalid('Invalid group id.')
    await requireAtLeastGroup(tx, operator, groupId)
  }

  return {
    list: (filter: { keyword?: string; frozen?: boolean }, page: AdminPage) => listAdministrators(db, filter, page),

    async get(id: AdministratorId): Promise<AdministratorRow> {
      const [found] = await administratorsOf(db, [id])
      if (!found) throw invalid(UNKNOWN_ID)
      return found
    },

    async create(operator: Operator, given: { account: string; password: string; group_id: number; name: string }) {
      const { account, group_id } = given
      requireAccount(account)
      await requireAcceptablePassword(given.password)
      const name = normalizeLine('name', given.name, NAME_MAX)
      const hash = await hashPassword(given.password) // before the transaction: it takes a quarter of a second
      return operationLog.change(operator, async (tx, note) => {
        await requireGroup(tx, operator, group_id)
        const id = newId() as AdministratorId
        if (!(await createAdministrator(tx, { id, account, hash, name, groupId: group_id }))) throw forbidden(`${account} already exists`)
        note({ operation: 'add administrator', description: account, after: { id, account, name, group_id } })
        return { account, name }
      })
    },

    async update(operator: Operator, id: AdministratorId, change: AdministratorChange): Promise<AdministratorRow> {
      const { current_password, password } = change
      const [own] = await administratorsOf(db, [id])
      if (!own) throw invalid(UNKNOWN_ID)
      // Before a password is compared: the refusal would tell whether it is right.
      await requireAtLeastGroup(db, operator, own.group_id)
      if (change.account !== undefined) requireAccount(change.account)
      if (password !== undefined) {
        await requireAcceptablePassword(password)
        if (id === operator.id && current_password === undefined) throw forbidden('Current password error.')
      }
      if (current_password !== undefined) {
        // A right password gives back the attempts at this account, and at no other.
        const key = `change of ${id} by ${operator.id}`
        await checkLimited(key, 'Current password error.', () => verifyPassword(current_password, own.password_hash))
      }
      const hash = password === undefined ? undefined : await hashPassword(password)
      await operationLog.change(operator, async (tx, note) => {
        const [before] = await administratorsOf(tx, [id], { lock: true })
        if (!before) throw invalid(UNKNOWN_ID)
        await requireAtLeastGroup(tx, operator, before.group_id)
        if (change.group_id !== undefined && change.group_id !== before.group_id) await requireGroup(tx, operator, change.group_id)
        const after: AdministratorRow = {
          ...before,
          account: change.account ?? before.account,
          name: change.name === undefined ? before.name : normalizeLine('name', change.name, NAME_MAX),
          group_id: change.group_id ?? before.group_id,
          frozen: change.frozen ?? before.frozen,
          email: change.email === undefined ? before.email : change.email || null,
          mobile: change.mobile === undefined ? before.mobile : change.mobile || null,
          password_hash: hash ?? before.password_hash,
        }
        if ((await updateAdministrator(tx, after)) === 'taken') throw forbidden(`${after.account} already exists`)
        if (hash || after.frozen) await endAdminSessions(tx, id)
        if (!(await isAdministered(tx))) throw forbidden(LAST)
        const fields = changedFields(shownOf(before), shownOf(after))
        const withPassword = hash ? { before: fields.before, after: { ...fields.after, password: 'changed' } } : fields
        note({ operation: 'change administrator', description: before.account, ...withPassword })
      })
      onChanged()
      if (hash) {
        securityLog('administrator changed password', { administrator: id, by: operator.id ?? operator.name })
        await onPasswordChanged(own.account)
      }
      return this.get(id)
    },

    /** All of them, or none. */
    async remove(operator: Operator, ids: AdministratorId[]): Promise<void> {
      await operationLog.change(operator, async (tx, note) => {
        const found = await administratorsOf(tx, ids, { lock: true })
        if (found.length < new Set(ids).size) throw forbidden(UNKNOWN_ID)
        for (const administrator of found) {
          await requireAtLeastGroup(tx, operator, administrator.group_id)
          note({ operation: 'delete administrator', description: administrator.account, before: shownOf(administrator) })
        }
        await deleteAdministrators(tx, ids)
        if (!(await isAdministered(tx))) throw forbidden(LAST)
      })
      onChanged()
    },
  }
}

/** What the operation log shows: no password. */
const shownOf = ({ id, account, name, email, mobile, group_id, frozen }: AdministratorRow) => ({
  id,
  account,
  name,
  email,
  mobile,
  group_id,
  frozen,
})
