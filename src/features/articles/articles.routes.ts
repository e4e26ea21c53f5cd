import { Type } from 'typebox'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Routes } from '../../base/part.ts'
import { Count, Envelope, Id } from '../../base/wire.ts'
import type { Articles } from './articles.ts'

const OneArticle = Type.Object({ id: Id<ArticleId>() })
const Opened = Type.Object({
  art_id: Id<ArticleId>(),
  title: Type.String(),
  pubdate: Type.String(),
  content: Type.String(),
  aut_id: Id<ReaderId>(),
  aut_name: Type.String(),
  aut_photo: Type.String(),
  ch_id: Type.Integer(),
  is_followed: Type.Boolean(),
  attitude: Type.Integer(),
  is_collected: Type.Boolean(),
  recomments: Type.Array(Type.Object({ art_id: Id<ArticleId>(), title: Type.String() })),
  comm_count: Count(),
  like_count: Count(),
  read_count: Count(),
  collect_count: Count(),
})

export const articleRoutes =
  (articles: Articles): Routes =>
  async server => {
    server.get(
      '/articles/:id',
      { config: { access: 'optional' }, schema: { params: OneArticle, response: { 200: Envelope(Opened) } } },
      async ({ viewer, params, headers }) => {
        // A trace may come from another recommender: what is not ours is let pass, and not learnt from.
        const trace = typeof headers.trace === 'string' ? headers.trace : undefined
        return { message: 'OK' as const, data: await articles.open(viewer, params.id, trace) }
      },
    )
  }
