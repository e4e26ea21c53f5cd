import { type Static, Type } from 'typebox'
import { Count, ZeroOrOne } from '../../http/wire.ts'

export interface Permission {
  permission_id: number
  name: string
  /** 0 a menu, 1 an operation. */
  type: 0 | 1
  /** 0: none. */
  parent_id: number
  code: string
  sequence: number
}

export interface PermissionNode extends Permission {
  /** Whether the group has it. */
  checked: 0 | 1
  children: PermissionNode[]
}

/** The last two are ours: a group that has every permission is never deleted, and no group is while it has administrators. */
export const GroupItem = Type.Object({
  group_id: Type.Integer(),
  name: Type.String(),
  remark: Type.String(),
  status: ZeroOrOne(),
  has_all: Type.Boolean(),
  administrators: Count(),
})

const Tree = Type.Array(Type.Unsafe<PermissionNode>({}))

export const GroupWithTree = Type.Object({ ...GroupItem.properties, permission_tree: Tree })

export type GroupItem = Static<typeof GroupItem>
export type GroupWithTree = Static<typeof GroupWithTree>
