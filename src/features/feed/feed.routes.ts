import { Type } from 'typebox'
import type { Routes } from '../../http/routes.ts'
import { Bool, Envelope, Int, Optional, Timestamp } from '../../http/wire.ts'
import { Page } from './feed.schema.ts'
import type { Feed, FeedPage } from './feed.ts'

const CHANNEL_MAX = 2 ** 31 - 1
const COMMON = { channel_id: Int(0, CHANNEL_MAX), timestamp: Timestamp(), explain: Optional(Bool()), dek: Optional(Bool()) }
/** v1_1 requires `with_top`; clients of v1_0 do not know it. */
const QUERY = { v1_0: Type.Object({ ...COMMON, with_top: Optional(Bool()) }), v1_1: Type.Object({ ...COMMON, with_top: Bool() }) }

export const feedRoutes =
  (feed: Feed, version: 'v1_0' | 'v1_1'): Routes =>
  async server => {
    server.get(
      '/articles',
      {
        // A HEAD request would store a page as served that its client has not received.
        exposeHeadRoute: false,
        config: { access: 'optional', refuses: ['invalid'] },
        schema: { querystring: QUERY[version], response: { 200: Envelope(Page) } },
      },
      ({ viewer, query }, reply) => {
        const request = {
          channelId: query.channel_id,
          cursor: query.timestamp,
          explain: query.explain,
          withDek: query.dek,
          withTop: query.with_top,
        }
        // The page is serialised already; the schema documents it.
        const send = ({ source, json }: FeedPage): void => {
          reply
            .header('x-feed-source', source)
            .type('application/json; charset=utf-8')
            .send(json as never)
        }
        const page = feed.page(viewer, request, server.writeId)
        return page instanceof Promise ? page.then(send) : send(page)
      },
    )
  }
