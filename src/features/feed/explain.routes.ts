// Why an article was shown to whoever asks, or what keeps it from being shown.

import { Type } from 'typebox'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import { notFound, unavailable } from '../../base/problem.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Routes } from '../../http/routes.ts'
import { Count, Envelope, Id, IdOrNull, Int, Optional } from '../../http/wire.ts'
import type { Explain } from '../../recommend/explain/explain.ts'

const CHANNEL_MAX = 2 ** 31 - 1
const Asked = Type.Object({ article_id: Id<ArticleId>(), channel_id: Optional(Int(0, CHANNEL_MAX)) })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

export const Explanation = Type.Object({
  shown: orNull(Type.Boolean()),
  page: IdOrNull<PageId>(),
  channel_id: orNull(Type.Integer()),
  position: orNull(Count()),
  sources: Type.Array(Type.String()),
  factors: Type.Record(Type.String(), Type.Number()),
  removed_by: orNull(Type.String()),
  rank: orNull(Count()),
})

export interface ExplainNeeds {
  /** Undefined where the recommender lives in another process. */
  explain: Explain | undefined
  channelExists: (id: ChannelId) => Promise<boolean>
}

export const explainRoutes =
  ({ explain, channelExists }: ExplainNeeds): Routes =>
  async server => {
    const schema = { querystring: Asked, response: { 200: Envelope(Explanation) } }
    server.get('/explain', { config: { access: 'optional' }, schema }, async ({ viewer, query }) => {
      const { article_id: articleId, channel_id: channelId } = query
      if (!explain) throw unavailable('The recommender lives in another process, which has no words for this yet.')
      if (channelId !== undefined && !(await channelExists(channelId))) throw notFound('There is no such channel.')
      const explained = await explain({ viewer: viewerKeyOf(viewer), channelId }, articleId)
      // What readers may not open is not talked about, unless it was shown to this one.
      if (!explained || (explained.removedBy === 'published' && !explained.shown)) throw notFound('The article does not exist.')
      const { removedBy, channelId: channel, ...rest } = explained
      return { message: 'OK' as const, data: { ...rest, channel_id: channel, removed_by: removedBy } }
    })
  }
