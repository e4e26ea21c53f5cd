// Tells viewers why an article was shown to them, or which step keeps it from being shown.

import { Type } from 'typebox'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import { notFound, unavailable } from '../../base/problem.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Routes } from '../../http/routes.ts'
import { Count, Envelope, Id, IdOrNull, Int, Optional } from '../../http/wire.ts'
import type { Explain } from '../../recommend/explain/explain.ts'

const CHANNEL_MAX = 2 ** 31 - 1
const Query = Type.Object({ article_id: Id<ArticleId>(), channel_id: Optional(Int(0, CHANNEL_MAX)) })
const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

export const Explanation = Type.Object({
  shown: OrNull(Type.Boolean()),
  page: IdOrNull<PageId>(),
  channel_id: OrNull(Type.Integer()),
  position: OrNull(Count()),
  sources: Type.Array(Type.String()),
  factors: Type.Record(Type.String(), Type.Number()),
  removed_by: OrNull(Type.String()),
  rank: OrNull(Count()),
})

export interface ExplainNeeds {
  /** Undefined if the recommender is in another process. */
  explain: Explain | undefined
  channelExists: (id: ChannelId) => true | Promise<boolean>
}

export const explainRoutes =
  ({ explain, channelExists }: ExplainNeeds): Routes =>
  async server => {
    const schema = { querystring: Query, response: { 200: Envelope(Explanation) } }
    server.get('/explain', { config: { access: 'optional', refuses: ['not-found'] }, schema }, async ({ viewer, query }) => {
      const { article_id: articleId, channel_id: channelId } = query
      if (!explain) throw unavailable('The recommender is in another process and does not support explanations.')
      if (channelId !== undefined && !(await channelExists(channelId))) throw notFound('There is no such channel.')
      const explanation = await explain({ viewer: viewerKeyOf(viewer), channelId }, articleId)
      // Viewers learn nothing about an article they may not open, unless it was shown to them.
      if (!explanation || (explanation.removedBy === 'published' && !explanation.shown)) throw notFound('The article does not exist.')
      const { removedBy, channelId: channel, ...rest } = explanation
      return { message: 'OK' as const, data: { ...rest, channel_id: channel, removed_by: removedBy } }
    })
  }
