// Groups of administrators: what each of them may do.

import { changedFields } from '../../base/changed-fields.ts'
import { forbidden, invalid } from '../../base/problem.ts'
import { normalizeLine, normalizeText } from '../../base/text.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import { deleteGroup, findGroup, type Group, insertGroup, listGroups, updateGroup } from './groups.sql.ts'
import type { OperationLog } from './operation-log.ts'
import { readPermissionTree } from './permission-tree.ts'
import { listAllPermissions, listGroupPermissionIds, replaceGroupPermissions } from './permissions.sql.ts'
import { powersOf, requireAtLeast, requireAtLeastGroup } from './powers.ts'

export type Groups = ReturnType<typeof createGroups>

export const NAME_MAX = 20
export const REMARK_MAX = 100
const UNKNOWN_ID = 'Invalid group id.'
const OPERATION = 1

export interface GroupInput {
  name?: string
  remark?: string
  enabled?: boolean
  permissionIds?: number[]
}

export interface GroupsNeeds {
  db: Db
  operationLog: OperationLog
  /** Called after a change of what a group may do. */
  onChanged(): void
}

export function createGroups({ db, operationLog, onChanged }: GroupsNeeds) {
  const find = async (tx: Db | Tx, id: number, options?: { lock: boolean }) => {
    const group = await findGroup(tx, id, options)
    if (!group) throw invalid(UNKNOWN_ID)
    return group
  }

  async function setPermissions(tx: Tx, operator: Operator, groupId: number, given: number[]): Promise<number[]> {
    const all = await listAllPermissions(tx)
    const ids = [...new Set(given)].toSorted((a, b) => a - b)
    const known = new Map(all.map(permission => [permission.permission_id, permission]))
    const unknown = ids.find(id => !known.has(id))
    if (unknown !== undefined) throw invalid(`Invalid permission id ${unknown}.`)
    const codes = ids.flatMap(id => (known.get(id)?.type === OPERATION ? [known.get(id)?.code as string] : []))
    requireAtLeast(await powersOf(tx, operator), { hasAll: false, codes })
    await replaceGroupPermissions(tx, groupId, ids)
    return ids
  }

  return {
    list: (keyword: string | undefined, page: AdminPage) => listGroups(db, keyword, page),

    async get(id: number) {
      const group = await find(db, id)
      return { ...group, permission_tree: await readPermissionTree(db, id) }
    },

    async create(operator: Operator, { name: typed = '', remark = '', enabled = true, permissionIds = [] }: GroupInput) {
      const name = normalizeLine('name', typed, NAME_MAX)
      const fields = { name, remark: normalizeText('remark', remark, REMARK_MAX), enabled }
      return operationLog.change(operator, async (tx, note) => {
        const id = await insertGroup(tx, fields)
        if (id === undefined) throw forbidden(`Group ${name} already exists.`)
        const ids = await setPermissions(tx, operator, id, permissionIds)
        note({ operation: 'add group', description: name, after: { ...fields, permission_ids: ids } })
        return { group_id: id, name }
      })
    },

    async update(operator: Operator, id: number, { name, remark, enabled, permissionIds }: GroupInput): Promise<Group> {
      const updated = await operationLog.change(operator, async (tx, note) => {
        const before = await find(tx, id, { lock: true })
        await requireAtLeastGroup(tx, operator, id)
        if (before.has_all && (enabled === false || permissionIds)) throw forbidden('This group always has every permission.')
        const after = {
          ...before,
          name: name === undefined ? before.name : normalizeLine('name', name, NAME_MAX),
          remark: remark === undefined ? before.remark : normalizeText('remark', remark, REMARK_MAX),
          enabled: enabled ?? before.enabled,
        }
        if ((await updateGroup(tx, after)) === 'taken') throw forbidden(`Group ${after.name} already exists.`)
        const idsBefore = await listGroupPermissionIds(tx, id)
        const idsAfter = permissionIds && (await setPermissions(tx, operator, id, permissionIds))
        const change = changedFields({ ...before, permission_ids: idsBefore }, { ...after, permission_ids: idsAfter })
        note({ operation: 'change group', description: before.name, ...change })
        return after
      })
      onChanged()
      return updated
    },

    async remove(operator: Operator, id: number): Promise<void> {
      await operationLog.change(operator, async (tx, note) => {
        const before = await find(tx, id, { lock: true })
        await requireAtLeastGroup(tx, operator, id)
        if (before.has_all) throw forbidden('This group cannot be deleted: it has every permission.')
        const permission_ids = await listGroupPermissionIds(tx, id)
        if (!(await deleteGroup(tx, id))) throw invalid('Delete administrator first.')
        note({ operation: 'delete group', description: before.name, before: { ...before, permission_ids } })
      })
    },
  }
}
