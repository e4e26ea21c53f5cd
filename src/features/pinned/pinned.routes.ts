// Pinned articles, for administrators.

import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { operatorOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Int } from '../../http/wire.ts'
import { PinnedItem } from './pinned.schema.ts'
import type { Pinning } from './pinning.ts'

const CHANNEL_MAX = 2 ** 31 - 1
/** Channel 0 is the recommended one. */
const Params = Type.Object({ channel: Int(0, CHANNEL_MAX), article: Id<ArticleId>() })
const WRITE = { access: 'admin', permission: 'pinned-list-put', refuses: ['conflict'] } as const

export const pinnedRoutes =
  (pinning: Pinning): Routes =>
  async server => {
    server.get(
      '/pinned',
      {
        config: { access: 'admin', permission: 'pinned-list-get' },
        schema: { response: { 200: Envelope(Type.Object({ results: Type.Array(PinnedItem) })) } },
      },
      async () => {
        const results = (await pinning.list()).map(({ channelId, articleId, authorId, ...row }) => ({
          channel_id: channelId,
          article_id: articleId,
          author_id: authorId,
          ...row,
        }))
        return { message: 'OK' as const, data: { results } }
      },
    )

    // Above the channel's earlier pins.
    server.put(
      '/pinned/:channel/:article',
      { config: WRITE, schema: { params: Params, response: { 204: Type.Null() } } },
      async (request, reply) => {
        const { channel, article } = request.params
        await pinning.pin(operatorOf(request), channel, article)
        return reply.code(204).send(null)
      },
    )

    server.delete(
      '/pinned/:channel/:article',
      { config: WRITE, schema: { params: Params, response: { 204: Type.Null() } } },
      async (request, reply) => {
        const { channel, article } = request.params
        await pinning.unpin(operatorOf(request), channel, article)
        return reply.code(204).send(null)
      },
    )
  }
