// Channels in the contract's admin API, where their ids are text in every generation.

import { Type } from 'typebox'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, KeywordQuery, toAdminPage } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Int, Optional, TypedText } from '../../http/wire.ts'
import { OfficeChannelItem } from './office-channels.schema.ts'
import type { OfficeChannel } from './office-channels.sql.ts'
import { NAME_MAX, type OfficeChannels } from './office-channels.ts'

const ID_MAX = 2 ** 31 - 1
const ListQuery = Type.Object({
  ...AdminListQuery,
  ...KeywordQuery,
  channel_id: Optional(Int(1, ID_MAX)),
  is_visible: Optional(Int(0, 1)),
})
const Params = Type.Object({ id: Int(1, ID_MAX) })
const Body = Type.Object({ name: TypedText(NAME_MAX), is_visible: Int(0, 1), sequence: Optional(Int(0, ID_MAX)) })

const toItem = ({ id, visible, ...row }: OfficeChannel) => ({
  channel_id: String(id),
  is_visible: visible ? (1 as const) : (0 as const),
  ...row,
})
const toInput = ({ is_visible, ...fields }: { name: string; is_visible: number; sequence?: number }) => ({
  ...fields,
  visible: is_visible === 1,
})

export const officeChannelRoutes =
  (channels: OfficeChannels): Routes =>
  async server => {
    server.get(
      '/channels',
      {
        config: { access: 'admin', permission: 'channel-list-get' },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('channels', OfficeChannelItem)) } },
      },
      async ({ query: { keyword, channel_id: id, is_visible, ...paging } }) => {
        const visible = is_visible === undefined ? undefined : is_visible === 1
        const { rows, total } = await channels.list({ id, keyword: keyword || undefined, visible }, toAdminPage(paging))
        return { message: 'OK' as const, data: { channels: rows.map(toItem), total_count: total } }
      },
    )

    server.post(
      '/channels',
      {
        config: { access: 'admin', permission: 'channel-list-post', refuses: ['invalid'] },
        schema: { body: Body, response: { 201: Envelope(OfficeChannelItem) } },
      },
      async (request, reply) => {
        const channel = await channels.create(operatorOf(request), toInput(request.body))
        return reply.code(201).send({ message: 'OK', data: toItem(channel) })
      },
    )

    server.put(
      '/channels/:id',
      {
        config: { access: 'admin', permission: 'channel-list-put', refuses: ['invalid'] },
        schema: { params: Params, body: Body, response: { 201: Envelope(OfficeChannelItem) } },
      },
      async (request, reply) => {
        const channel = await channels.update(operatorOf(request), request.params.id, toInput(request.body))
        return reply.code(201).send({ message: 'OK', data: toItem(channel) })
      },
    )

    server.delete(
      '/channels/:id',
      {
        config: { access: 'admin', permission: 'channel-list-delete', refuses: ['invalid'] },
        schema: { params: Params, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        await channels.remove(operatorOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )
  }
