import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { operatorOf, readerOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, toAdminPage } from '../../http/admin-lists.ts'
import { PagingQuery, toOffsetLimit } from '../../http/paging.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Envelope, Id, Optional, TypedText } from '../../http/wire.ts'
import { AppealItem, DecisionItem } from './appeals.schema.ts'
import { ANSWER_MAX, APPEAL_MAX, type Appeals } from './appeals.ts'

const Params = Type.Object({ id: Id<ArticleId>() })
const AppealBody = Type.Object({ reason: TypedText(APPEAL_MAX) })
const Decisions = Type.Object({ results: Type.Array(DecisionItem) })

/** What authors read about decisions on their articles, also on banned ones, which their list has not. */
export const ownAppealRoutes =
  (appeals: Appeals): Routes =>
  async server => {
    const config = { access: 'login' as const }

    server.get(
      '/studio/decisions',
      { config, schema: { querystring: Type.Object(PagingQuery), response: { 200: Envelope(Decisions) } } },
      async request => {
        const rows = await appeals.listOwnDecisions(readerOf(request), toOffsetLimit(request.query))
        return { message: 'OK' as const, data: { results: rows.map(row => ({ ...row, at: row.at.toISOString() })) } }
      },
    )

    server.post(
      '/studio/articles/:id/appeals',
      { config, schema: { params: Params, body: AppealBody, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await appeals.submit(readerOf(request), request.params.id, request.body.reason)
        return reply.code(204).send(null)
      },
    )
  }

export const appealRoutes =
  (appeals: Appeals): Routes =>
  async server => {
    server.get(
      '/appeals',
      {
        config: { access: 'admin', permission: 'appeal-list-get' },
        schema: { querystring: Type.Object(AdminListQuery), response: { 200: Envelope(AdminListSchema('appeals', AppealItem)) } },
      },
      async ({ query }) => {
        const { rows, total } = await appeals.list(toAdminPage(query))
        return { message: 'OK' as const, data: { appeals: rows.map(row => ({ ...row, at: row.at.toISOString() })), total_count: total } }
      },
    )

    server.put(
      '/appeals/:id',
      {
        config: { access: 'admin', permission: 'appeal-list-put', refuses: ['invalid', 'conflict'] },
        schema: {
          params: Type.Object({ id: Id<bigint>() }),
          body: Type.Object({ granted: Bool(), answer: Optional(TypedText(ANSWER_MAX)) }),
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        await appeals.decide(operatorOf(request), request.params.id, request.body)
        return reply.code(204).send(null)
      },
    )
  }
