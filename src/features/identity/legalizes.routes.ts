import { Type } from 'typebox'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, toAdminPage } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Count, Envelope, Id, Int, Optional, TypedText } from '../../http/wire.ts'
import { LegalizeItem, LegalizePage } from './legalizes.schema.ts'
import type { Legalize } from './legalizes.sql.ts'
import { type Legalizes, REASON_MAX } from './legalizes.ts'

const IDS_MAX = 50 // a page of the list
const REAL_NAME = 1 // the contract's second type, a company's qualification, has no request that applies for it
const UNKNOWN = { refusal: 'Invalid legalize id.' }
const ListQuery = Type.Object({ ...AdminListQuery, status: Optional(Int(1, 3)) })
const Params = Type.Object({ id: Id<bigint>() })
const DecisionBody = Type.Object({
  legalize_ids: Type.Array(Id<bigint>(UNKNOWN), { minItems: 1, maxItems: IDS_MAX }),
  status: Type.Unsafe<2 | 3>(Int(2, 3)),
  reject_reason: Optional(TypedText(REASON_MAX)),
})

export interface LegalizeRoutesNeeds {
  legalizes: Legalizes
  localTime: (at: Date) => string
  absoluteUrl: (path: string) => string
}

export const legalizeRoutes =
  ({ legalizes, localTime, absoluteUrl }: LegalizeRoutesNeeds): Routes =>
  async server => {
    const toItem = ({ id, account, name, status, reject_reason, created_at }: Legalize) => ({
      legalize_id: id,
      account,
      name,
      create_time: localTime(created_at),
      type: REAL_NAME,
      status,
      reject_reason,
    })

    server.get(
      '/legalizes',
      {
        config: { access: 'admin', permission: 'legalize-list-get' },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('legalizes', LegalizeItem)) } },
      },
      async ({ query: { status, ...paging } }) => {
        const { rows, total } = await legalizes.list(status, toAdminPage(paging))
        return { message: 'OK' as const, data: { legalizes: rows.map(toItem), total_count: total } }
      },
    )

    server.put(
      '/legalizes',
      {
        config: { access: 'admin', permission: 'legalize-list-put', refuses: ['invalid'] },
        schema: { body: DecisionBody, response: { 201: Envelope(Type.Object({ count: Count() })) } },
      },
      async (request, reply) => {
        const { legalize_ids: ids, status, reject_reason: reason } = request.body
        const count = await legalizes.decide(operatorOf(request), { ids, status, reason })
        return reply.code(201).send({ message: 'OK', data: { count } })
      },
    )

    server.get(
      '/legalizes/:id',
      {
        config: { access: 'admin', permission: 'legalize-get', refuses: ['invalid'] },
        schema: { params: Params, response: { 200: Envelope(LegalizePage) } },
      },
      async (request, reply) => {
        const { profile, texts, ...legalize } = await legalizes.get(operatorOf(request), request.params.id)
        const { reader_id } = legalize
        const pictureUrl = (name: string) =>
          profile?.pictures.includes(name) ? absoluteUrl(`v1/admin/readers/${reader_id}/identity/${name}`) : null
        const user_profile = {
          user_id: reader_id,
          gender: profile?.gender ?? null,
          birthday: profile?.birthday ?? null,
          real_name: texts?.real_name ?? null,
          id_number: texts?.id_number ?? null,
          id_card_front: pictureUrl('id_card_front'),
          id_card_back: pictureUrl('id_card_back'),
          id_card_handheld: pictureUrl('id_card_handheld'),
          area: profile?.area ?? null,
          company: profile?.company ?? null,
          career: profile?.career ?? null,
        }
        return reply.header('cache-control', 'no-store').send({ message: 'OK', data: { ...toItem(legalize), user_profile } })
      },
    )
  }
