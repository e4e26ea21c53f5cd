import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id } from '../../http/wire.ts'
import { ArticleDetail } from './articles.schema.ts'
import type { Articles } from './articles.ts'

const OneArticle = Type.Object({ id: Id<ArticleId>() })

export const articleRoutes =
  (articles: Articles): Routes =>
  async server => {
    server.get(
      '/articles/:id',
      // No HEAD: whoever only looks whether it is there has not read it.
      {
        exposeHeadRoute: false,
        config: { access: 'optional' },
        schema: { params: OneArticle, response: { 200: Envelope(ArticleDetail) } },
      },
      async ({ viewer, params, headers }) => {
        // A trace may come from another recommender: what is not ours is let pass, and not learnt from.
        const trace = typeof headers.trace === 'string' ? headers.trace : undefined
        return { message: 'OK' as const, data: await articles.open(viewer, params.id, trace) }
      },
    )
  }
