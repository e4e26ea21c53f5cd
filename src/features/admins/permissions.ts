// The tree of permissions. Menus belong to clients; operations are those that the server knows (base/permissions.ts).

import { changedFields } from '../../base/changed-fields.ts'
import { isPermissionCode } from '../../base/permissions.ts'
import { forbidden, invalid } from '../../base/problem.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { Permission } from './groups.schema.ts'
import type { OperationLog } from './operation-log.ts'
import { subtreeIds } from './permission-tree.ts'
import {
  deletePermissions,
  findPermission,
  insertPermission,
  listAllPermissions,
  listPermissions,
  lockPermissions,
  type NewPermission,
  updatePermission,
} from './permissions.sql.ts'
import { powersOf, requireAtLeast } from './powers.ts'

export type Permissions = ReturnType<typeof createPermissions>

export const NAME_MAX = 50
export const CODE_MAX = 50
const OPERATION = 1
const UNKNOWN_ID = 'Invalid permission id.'

export interface PermissionsNeeds {
  db: Db
  operationLog: OperationLog
  /** Called after a change of what groups may do. */
  onChanged(): void
}

export function createPermissions({ db, operationLog, onChanged }: PermissionsNeeds) {
  const find = async (tx: Db | Tx, id: number) => {
    const permission = await findPermission(tx, id)
    if (!permission) throw invalid(UNKNOWN_ID)
    return permission
  }

  function normalize(given: NewPermission): NewPermission {
    const code = normalizeLine('code', given.code, CODE_MAX)
    if (given.type === OPERATION && !isPermissionCode(code)) throw invalid(`Unknown permission code ${code}.`)
    return { ...given, name: normalizeLine('name', given.name, NAME_MAX), code }
  }

  /** Throws `forbidden` if the operator lacks one of these operations: a new code could otherwise give it to their group. */
  async function requireHeld(tx: Tx, operator: Operator, ...permissions: NewPermission[]): Promise<void> {
    const codes = permissions.filter(({ type }) => type === OPERATION).map(({ code }) => code)
    requireAtLeast(await powersOf(tx, operator), { hasAll: false, codes })
  }

  /** The routes name operations. Without its row, an operation could be given to no group. */
  function refuseOperations(permissions: Permission[]): void {
    const operation = permissions.find(({ type }) => type === OPERATION)
    if (operation) throw invalid(`The server needs the operation ${operation.code}: it can be moved and renamed, not deleted.`)
  }

  async function requireParent(tx: Tx, parentId: number, id?: number): Promise<void> {
    if (parentId === 0) return
    const all = await listAllPermissions(tx)
    const isBelowItself = id !== undefined && subtreeIds(all, id).includes(parentId)
    if (isBelowItself || !all.some(permission => permission.permission_id === parentId)) throw invalid('Invalid parent id.')
  }

  return {
    list: (filter: { parentId?: number; type?: number; keyword?: string }, page: AdminPage) => listPermissions(db, filter, page),
    get: (id: number) => find(db, id),

    /** Throws `forbidden`, as the contract does, if the name or the code is taken. */
    async create(operator: Operator, given: NewPermission): Promise<Permission> {
      const permission = normalize(given)
      return operationLog.change(operator, async (tx, note) => {
        await lockPermissions(tx)
        await requireHeld(tx, operator, permission)
        await requireParent(tx, permission.parent_id)
        const created = await insertPermission(tx, permission)
        if (created === 'taken') throw forbidden(`${permission.name} already exists`)
        note({ operation: 'add permission', description: created.name, after: created })
        return created
      })
    },

    async update(operator: Operator, id: number, change: Partial<NewPermission>): Promise<Permission> {
      const updated = await operationLog.change(operator, async (tx, note) => {
        await lockPermissions(tx)
        const before = await find(tx, id)
        const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
        const after = { permission_id: id, ...normalize({ ...before, ...given }) }
        await requireHeld(tx, operator, before, after)
        if (after.code !== before.code || after.type !== before.type) refuseOperations([before])
        await requireParent(tx, after.parent_id, id)
        if ((await updatePermission(tx, after)) === 'taken') throw forbidden(`${after.name} already exists`)
        note({ operation: 'change permission', description: before.name, ...changedFields(before, after) })
        return after
      })
      onChanged()
      return updated
    },

    /** With what is below it, if `withChildren`. */
    async remove(operator: Operator, id: number, withChildren: boolean): Promise<void> {
      await operationLog.change(operator, async (tx, note) => {
        await lockPermissions(tx)
        const before = await find(tx, id)
        const all = await listAllPermissions(tx)
        const ids = subtreeIds(all, id)
        if (ids.length > 1 && !withChildren) throw invalid('Delete the permissions below it first.')
        const removed = all.filter(permission => ids.includes(permission.permission_id))
        await requireHeld(tx, operator, ...removed)
        refuseOperations(removed)
        await deletePermissions(tx, ids)
        note({ operation: 'delete permission', description: before.name, before: { permissions: removed } })
      })
      onChanged()
    },
  }
}
