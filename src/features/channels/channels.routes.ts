import { Type } from 'typebox'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Int, Optional } from '../../http/wire.ts'
import { Channel } from './channels.schema.ts'
import type { Channels } from './channels.ts'

const ID_MAX = 2 ** 31 - 1
const ChannelList = Envelope(Type.Object({ channels: Type.Array(Channel) }))
const CHANNELS_MAX = 200 // several times what any client shows
const REQUIRED = { refusal: 'Channels param is required.' }
const INVALID = { refusal: 'Invalid channels param.' }
const MISPLACED = { refusal: 'Invalid channel sequence param.' }
// Clients may send the recommended channel with place 0, so channels.ts checks places after it has removed that one.
const Choice = Type.Object({ id: Int(0, ID_MAX, INVALID), seq: Optional(Int(0, ID_MAX, MISPLACED)) }, INVALID)
const ChoicesBody = Type.Object({ channels: Optional(Type.Array(Choice, { maxItems: CHANNELS_MAX, ...INVALID })) }, REQUIRED)
const Saved = Envelope(Type.Object({ channels: Type.Array(Type.Object({ id: Type.Integer(), seq: Type.Integer() })) }))
const IdsBody = Type.Object({ channels: Type.Array(Int(0, ID_MAX, INVALID), { maxItems: CHANNELS_MAX, ...INVALID }) }, REQUIRED)
const IdParams = Type.Object({ id: Int(0, ID_MAX) })
const SeqBody = Type.Object({ seq: Int(1, ID_MAX, MISPLACED) }, MISPLACED)

/** All visible channels, for every surface. */
export const channelRoutes =
  (channels: Channels): Routes =>
  async server => {
    server.get('/channels', { config: { access: 'public' }, schema: { response: { 200: ChannelList } } }, async () => ({
      message: 'OK' as const,
      data: { channels: await channels.list() },
    }))
  }

/** A reader's own list of channels. */
export const ownChannelRoutes =
  (channels: Channels): Routes =>
  async server => {
    const login = { access: 'login' } as const

    server.get('/user/channels', { config: { access: 'optional' }, schema: { response: { 200: ChannelList } } }, async ({ viewer }) => {
      const list = await channels.listForReader(viewer.kind === 'reader' ? viewer.id : undefined)
      return { message: 'OK' as const, data: { channels: list } }
    })

    const writes = { POST: channels.add, PUT: channels.replace, PATCH: channels.addOrMove }
    for (const [method, write] of Object.entries(writes))
      server.route({
        method,
        url: '/user/channels',
        config: { access: 'login', refuses: method === 'POST' ? ['invalid', 'conflict'] : ['invalid'] },
        schema: { body: ChoicesBody, response: { 201: Saved } },
        handler: async (request, reply) => {
          const saved = await write(readerOf(request), request.body.channels)
          return reply.code(201).send({ message: 'OK', data: { channels: saved } })
        },
      })

    server.delete(
      '/user/channels',
      { config: login, schema: { body: IdsBody, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await channels.remove(readerOf(request), request.body.channels)
        return reply.code(204).send(null)
      },
    )

    server.put(
      '/user/channels/:id',
      {
        config: { access: 'login', refuses: ['invalid'] },
        schema: { params: IdParams, body: SeqBody, response: { 201: Envelope(Type.Object({ id: Type.Integer(), seq: Type.Integer() })) } },
      },
      async (request, reply) => {
        const { id } = request.params
        await channels.move(readerOf(request), id, request.body.seq)
        return reply.code(201).send({ message: 'OK', data: { id, seq: request.body.seq } })
      },
    )

    server.delete(
      '/user/channels/:id',
      { config: login, schema: { params: IdParams, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await channels.remove(readerOf(request), [request.params.id])
        return reply.code(204).send(null)
      },
    )
  }
