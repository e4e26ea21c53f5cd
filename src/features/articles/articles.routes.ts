import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { clientOf } from '../../base/network.ts'
import type { Routes } from '../../http/routes.ts'
import { traceHeaderOf } from '../../http/toggle-routes.ts'
import { Envelope, Id } from '../../http/wire.ts'
import { ArticleDetail } from './articles.schema.ts'
import type { Articles } from './articles.ts'

const ArticleParams = Type.Object({ id: Id<ArticleId>() })

export const articleRoutes =
  (articles: Articles): Routes =>
  async server => {
    server.get(
      '/articles/:id',
      // No HEAD route: it would count as a read.
      {
        exposeHeadRoute: false,
        config: { access: 'optional' },
        schema: { params: ArticleParams, response: { 200: Envelope(ArticleDetail) } },
      },
      async ({ viewer, params, headers, ip }) => {
        const opening = { viewer, client: clientOf(ip), articleId: params.id, trace: traceHeaderOf(headers) }
        return { message: 'OK' as const, data: await articles.open(opening) }
      },
    )
  }
