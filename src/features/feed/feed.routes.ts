import { Type } from 'typebox'
import type { Routes } from '../../base/part.ts'
import { Envelope, Int, Maybe, Stamp } from '../../base/wire.ts'
import { Card } from '../cards/cards.schema.ts'
import type { Feed } from './feed.ts'

const CHANNEL_MAX = 2 ** 31 - 1
const Track = Type.Object({ click: Type.String(), collect: Type.String(), share: Type.String(), read: Type.String() })
const Page = Type.Object({
  // A falsy one ends the scroll in some clients, an empty list in others: the two always come together.
  pre_timestamp: Type.Union([Type.Integer(), Type.Null()]),
  results: Type.Array(Type.Object({ ...Card.properties, trace: Track })),
})
const Asked = { channel_id: Int(0, CHANNEL_MAX), timestamp: Stamp() }
/** v1_1 demands `with_top`; v1_0 does not know it. */
const QUERY = { v1_0: Type.Object({ ...Asked, with_top: Maybe(Int(0, 1)) }), v1_1: Type.Object({ ...Asked, with_top: Int(0, 1) }) }

export const feedRoutes =
  (feed: Feed, version: 'v1_0' | 'v1_1'): Routes =>
  async server => {
    server.get(
      '/articles',
      { config: { access: 'optional' }, schema: { querystring: QUERY[version], response: { 200: Envelope(Page) } } },
      async ({ viewer, query }, reply) => {
        const { source, page } = await feed.page(viewer, { channelId: query.channel_id, stamp: query.timestamp })
        reply.header('x-feed-source', source)
        return { message: 'OK' as const, data: page }
      },
    )
  }
