import { Type } from 'typebox'
import { type Routes, readerOf } from '../../base/part.ts'
import { Envelope, Int, Maybe } from '../../base/wire.ts'
import type { Channels } from './channels.ts'

const ID_MAX = 2 ** 31 - 1
const Channel = Type.Object({ id: Type.Integer(), name: Type.String() })
const List = Envelope(Type.Object({ channels: Type.Array(Channel) }))
// 200 channels: several times what any client shows, and little to write.
const Wanted = Type.Object({
  channels: Maybe(Type.Array(Type.Object({ id: Int(0, ID_MAX), seq: Maybe(Int(-ID_MAX, ID_MAX)) }), { maxItems: 200 })),
})
const Settled = Envelope(Type.Object({ channels: Type.Array(Type.Object({ id: Type.Integer(), seq: Type.Integer() })) }))
const Ids = Type.Object({ channels: Type.Array(Int(0, ID_MAX), { maxItems: 200 }) })
const OneId = Type.Object({ id: Int(0, ID_MAX) })
const Seq = Type.Object({ seq: Int(1, ID_MAX) })

/** What every surface shows: all visible channels. */
export const channelRoutes =
  (channels: Channels): Routes =>
  async server => {
    server.get('/channels', { schema: { response: { 200: List } } }, async () => ({
      message: 'OK' as const,
      data: { channels: await channels.list() },
    }))
  }

/** A reader's own list. */
export const ownChannelRoutes =
  (channels: Channels): Routes =>
  async server => {
    const login = { access: 'login' } as const

    server.get('/user/channels', { config: { access: 'optional' }, schema: { response: { 200: List } } }, async ({ viewer }) => {
      const list = await channels.ofReader(viewer.kind === 'reader' ? viewer.id : undefined)
      return { message: 'OK' as const, data: { channels: list } }
    })

    const writes = { POST: channels.add, PUT: channels.replace, PATCH: channels.put }
    for (const [method, write] of Object.entries(writes))
      server.route({
        method,
        url: '/user/channels',
        config: login,
        schema: { body: Wanted, response: { 201: Settled } },
        handler: async (request, reply) => {
          const settled = await write(readerOf(request), request.body.channels)
          return reply.code(201).send({ message: 'OK', data: { channels: settled } })
        },
      })

    server.delete('/user/channels', { config: login, schema: { body: Ids, response: { 204: Type.Null() } } }, async (request, reply) => {
      await channels.remove(readerOf(request), request.body.channels)
      return reply.code(204).send(null)
    })

    server.put(
      '/user/channels/:id',
      {
        config: login,
        schema: { params: OneId, body: Seq, response: { 201: Envelope(Type.Object({ id: Type.Integer(), seq: Type.Integer() })) } },
      },
      async (request, reply) => {
        const { id } = request.params
        await channels.move(readerOf(request), id, request.body.seq)
        return reply.code(201).send({ message: 'OK', data: { id, seq: request.body.seq } })
      },
    )

    server.delete(
      '/user/channels/:id',
      { config: login, schema: { params: OneId, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await channels.remove(readerOf(request), [request.params.id])
        return reply.code(204).send(null)
      },
    )
  }
