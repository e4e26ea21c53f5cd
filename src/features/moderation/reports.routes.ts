import { Type } from 'typebox'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, toAdminPage } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Optional, TypedText } from '../../http/wire.ts'
import { Kind, ReportedItem } from './reports.schema.ts'
import { REASON_MAX, type Reports } from './reports.ts'

const ListQuery = Type.Object(AdminListQuery)
const Params = Type.Object({ kind: Kind, id: Id<bigint>() })
const DecisionBody = Type.Object({
  decision: Type.Union([Type.Literal('keep'), Type.Literal('remove')]),
  reason: Optional(TypedText(REASON_MAX)),
})

export const reportRoutes =
  (reports: Reports): Routes =>
  async server => {
    server.get(
      '/reports',
      {
        config: { access: 'admin', permission: 'report-list-get' },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('reports', ReportedItem)) } },
      },
      async ({ query }) => {
        const { rows, total } = await reports.list(toAdminPage(query))
        return {
          message: 'OK' as const,
          data: { reports: rows.map(row => ({ ...row, first_at: row.first_at.toISOString() })), total_count: total },
        }
      },
    )

    server.put(
      '/reports/:kind/:id',
      {
        config: { access: 'admin', permission: 'report-list-put', refuses: ['invalid', 'conflict'] },
        schema: { params: Params, body: DecisionBody, response: { 200: Envelope(Type.Object({ removed: Type.Boolean() })) } },
      },
      async request => {
        const { kind, id } = request.params
        const { decision, reason } = request.body
        const removed = await reports.decide(operatorOf(request), { kind, id, remove: decision === 'remove', reason: reason || undefined })
        return { message: 'OK' as const, data: { removed } }
      },
    )
  }
