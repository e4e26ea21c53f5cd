// Groups and permissions.

import { Type } from 'typebox'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, KeywordQuery, toAdminPage } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Envelope, Int, Optional, TypedText, ZeroOrOne } from '../../http/wire.ts'
import { GroupItem, GroupWithTree } from './groups.schema.ts'
import type { Group } from './groups.sql.ts'
import { type Groups, NAME_MAX, REMARK_MAX } from './groups.ts'
import { CODE_MAX, NAME_MAX as PERMISSION_NAME_MAX, type Permissions } from './permissions.ts'

const ID_MAX = 2 ** 31 - 1
const IDS_MAX = 500 // several times the rows of the tree
const IdParams = Type.Object({ id: Int(1, ID_MAX) })
const ListQuery = Type.Object({ ...AdminListQuery, ...KeywordQuery })
const groupFields = {
  remark: Optional(TypedText(REMARK_MAX)),
  status: Optional(Int(0, 1)),
  permission_ids: Optional(Type.Array(Int(1, ID_MAX), { maxItems: IDS_MAX })),
}
const NewGroup = Type.Object({ name: TypedText(NAME_MAX), ...groupFields })
const GroupChange = Type.Object({ name: Optional(TypedText(NAME_MAX)), ...groupFields })
const CreatedGroup = Type.Object({ group_id: Type.Integer(), name: Type.String() })

const PermissionQuery = Type.Object({ ...AdminListQuery, ...KeywordQuery, parent_id: Optional(Int(0, ID_MAX)), type: Optional(Int(0, 1)) })
const TypeOfPermission = () => Type.Unsafe<0 | 1>(Int(0, 1))
const NewPermission = Type.Object({
  name: TypedText(PERMISSION_NAME_MAX),
  type: TypeOfPermission(),
  parent_id: Optional(Int(0, ID_MAX)),
  code: TypedText(CODE_MAX),
  sequence: Int(0, ID_MAX),
})
const PermissionChange = Type.Partial(NewPermission)
const PermissionItem = Type.Object({
  permission_id: Type.Integer(),
  name: Type.String(),
  type: ZeroOrOne(),
  parent_id: Type.Integer(),
  code: Type.String(),
  sequence: Type.Integer(),
})
const RemovalQuery = Type.Object({ del_children: Optional(Bool()) })

const toItem = ({ enabled, ...group }: Group) => ({ ...group, status: enabled ? (1 as const) : (0 as const) })
const toInput = ({
  status,
  permission_ids,
  ...fields
}: {
  name?: string
  remark?: string
  status?: number
  permission_ids?: number[]
}) => ({
  ...fields,
  enabled: status === undefined ? undefined : status === 1,
  permissionIds: permission_ids,
})

export const groupRoutes =
  (groups: Groups): Routes =>
  async server => {
    server.get(
      '/groups',
      {
        config: { access: 'admin', permission: 'group-list-get' },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('groups', GroupItem)) } },
      },
      async ({ query: { keyword, ...paging } }) => {
        const { rows, total } = await groups.list(keyword || undefined, toAdminPage(paging))
        return { message: 'OK' as const, data: { groups: rows.map(toItem), total_count: total } }
      },
    )

    server.post(
      '/groups',
      {
        config: { access: 'admin', permission: 'group-list-post', refuses: ['invalid'] },
        schema: { body: NewGroup, response: { 200: Envelope(CreatedGroup) } },
      },
      async request => ({ message: 'OK' as const, data: await groups.create(operatorOf(request), toInput(request.body)) }),
    )

    server.get(
      '/groups/:id',
      {
        config: { access: 'admin', permission: 'group-get', refuses: ['invalid'] },
        schema: { params: IdParams, response: { 200: Envelope(GroupWithTree) } },
      },
      async ({ params }) => {
        const group = await groups.get(params.id)
        return { message: 'OK' as const, data: { ...toItem(group), permission_tree: group.permission_tree } }
      },
    )

    server.put(
      '/groups/:id',
      {
        config: { access: 'admin', permission: 'group-put', refuses: ['invalid'] },
        schema: { params: IdParams, body: GroupChange, response: { 201: Envelope(GroupItem) } },
      },
      async (request, reply) => {
        const group = await groups.update(operatorOf(request), request.params.id, toInput(request.body))
        return reply.code(201).send({ message: 'OK', data: toItem(group) })
      },
    )

    server.delete(
      '/groups/:id',
      {
        config: { access: 'admin', permission: 'group-delete', refuses: ['invalid'] },
        schema: { params: IdParams, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        await groups.remove(operatorOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )
  }

export const permissionRoutes =
  (permissions: Permissions): Routes =>
  async server => {
    server.get(
      '/permissions',
      {
        config: { access: 'admin', permission: 'permission-list-get' },
        schema: { querystring: PermissionQuery, response: { 200: Envelope(AdminListSchema('permissions', PermissionItem)) } },
      },
      async ({ query: { parent_id: parentId, type, keyword, ...paging } }) => {
        const { rows, total } = await permissions.list({ parentId, type, keyword: keyword || undefined }, toAdminPage(paging))
        return { message: 'OK' as const, data: { permissions: rows, total_count: total } }
      },
    )

    server.post(
      '/permissions',
      {
        config: { access: 'admin', permission: 'permission-list-post', refuses: ['invalid'] },
        schema: { body: NewPermission, response: { 201: Envelope(PermissionItem) } },
      },
      async (request, reply) => {
        const data = await permissions.create(operatorOf(request), { parent_id: 0, ...request.body })
        return reply.code(201).send({ message: 'OK', data: data })
      },
    )

    server.get(
      '/permissions/:id',
      {
        config: { access: 'admin', permission: 'permission-get', refuses: ['invalid'] },
        schema: { params: IdParams, response: { 200: Envelope(PermissionItem) } },
      },
      async ({ params }) => ({ message: 'OK' as const, data: await permissions.get(params.id) }),
    )

    server.put(
      '/permissions/:id',
      {
        config: { access: 'admin', permission: 'permission-put', refuses: ['invalid'] },
        schema: { params: IdParams, body: PermissionChange, response: { 201: Envelope(PermissionItem) } },
      },
      async (request, reply) => {
        const data = await permissions.update(operatorOf(request), request.params.id, request.body)
        return reply.code(201).send({ message: 'OK', data: data })
      },
    )

    server.delete(
      '/permissions/:id',
      {
        config: { access: 'admin', permission: 'permission-delete', refuses: ['invalid'] },
        schema: { params: IdParams, querystring: RemovalQuery, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        await permissions.remove(operatorOf(request), request.params.id, request.query.del_children ?? false)
        return reply.code(204).send(null)
      },
    )
  }
