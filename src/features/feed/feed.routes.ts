import { Type } from 'typebox'
import type { Routes } from '../../http/routes.ts'
import { Bool, Envelope, Int, Optional, Timestamp } from '../../http/wire.ts'
import { Page } from './feed.schema.ts'
import type { Feed } from './feed.ts'

const CHANNEL_MAX = 2 ** 31 - 1
const Asked = { channel_id: Int(0, CHANNEL_MAX), timestamp: Timestamp(), explain: Optional(Bool()) }
/** v1_1 demands `with_top`; v1_0 does not know it. */
const QUERY = { v1_0: Type.Object({ ...Asked, with_top: Optional(Bool()) }), v1_1: Type.Object({ ...Asked, with_top: Bool() }) }

export const feedRoutes =
  (feed: Feed, version: 'v1_0' | 'v1_1'): Routes =>
  async server => {
    server.get(
      '/articles',
      // No HEAD: whoever only looks whether it is there has not read it.
      {
        exposeHeadRoute: false,
        config: { access: 'optional' },
        schema: { querystring: QUERY[version], response: { 200: Envelope(Page) } },
      },
      async ({ viewer, query }, reply) => {
        const asked = { channelId: query.channel_id, stamp: query.timestamp, explain: query.explain, withTop: query.with_top }
        const { source, json } = await feed.page(viewer, asked, server.writeId)
        // The schema says what a page holds; it is written already, and bytes are sent as they are.
        return reply
          .header('x-feed-source', source)
          .type('application/json; charset=utf-8')
          .send(json as never)
      },
    )
  }
