import type { Db } from '../../engines/database/database.ts'
import type { Permission, PermissionNode } from './groups.schema.ts'
import { listAllPermissions, listGroupPermissionIds, readGroupPowers } from './permissions.sql.ts'

/** All permissions, with a mark at those that the group has. */
export async function readPermissionTree(db: Db, groupId: number): Promise<PermissionNode[]> {
  const [all, ids, powers] = await Promise.all([listAllPermissions(db), listGroupPermissionIds(db, groupId), readGroupPowers(db, groupId)])
  const held = new Set(ids)
  return toPermissionTree(all, id => powers?.hasAll || held.has(id))
}

/** The permissions below `parentId`, in the order in which they are given. */
export function toPermissionTree(
  permissions: Permission[],
  isChecked: (id: number) => boolean | undefined,
  parentId = 0,
): PermissionNode[] {
  const byParent = Map.groupBy(permissions, permission => permission.parent_id)
  const below = (id: number): PermissionNode[] =>
    (byParent.get(id) ?? []).map(permission => ({
      ...permission,
      checked: isChecked(permission.permission_id) ? 1 : 0,
      children: below(permission.permission_id),
    }))
  return below(parentId)
}

/** The permission and everything below it. */
export function subtreeIds(permissions: Permission[], rootId: number): number[] {
  const walk = (nodes: PermissionNode[]): number[] => nodes.flatMap(node => [node.permission_id, ...walk(node.children)])
  return [rootId, ...walk(toPermissionTree(permissions, () => false, rootId))]
}
