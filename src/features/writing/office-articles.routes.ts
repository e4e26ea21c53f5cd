// Articles in the contract's admin API.

import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { withAbsoluteImages } from '../../base/picture-addresses.ts'
import { forbidden } from '../../base/problem.ts'
import { ANONYMOUS } from '../../base/viewer.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, DatesQuery, KEYWORD_MAX, toAdminPage, toDateRange } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Int, Optional, RawTypedText, Text, TypedText } from '../../http/wire.ts'
import { OfficeArticleItem, OfficeArticlePage } from './office-articles.schema.ts'
import type { OfficeArticle } from './office-articles.sql.ts'
import { type OfficeArticles, REASON_MAX } from './office-articles.ts'
import { reviewActionsFor } from './transitions.ts'

const IDS_MAX = 50 // a page of the list
const VERSION_MAX = 20
const TITLE_MAX = 256
const STATUS_LIST_MAX = 40
const BAD_STATUS_LIST = 'status_list parameter error.'

const ListQuery = Type.Object({
  ...AdminListQuery,
  ...DatesQuery,
  title: Optional(RawTypedText(TITLE_MAX)),
  channel: Optional(RawTypedText(KEYWORD_MAX)),
  status_list: Optional(Text(0, STATUS_LIST_MAX)),
})
const Params = Type.Object({ id: Id<ArticleId>() })
const UNKNOWN = { refusal: 'Invalid article id.' }
const DecisionBody = Type.Object({
  article_ids: Type.Array(Id<ArticleId>(UNKNOWN), { minItems: 1, maxItems: IDS_MAX, uniqueItems: true }),
  status: Int(-1_000, 1_000), // an unknown one is refused by the transitions, as the contract does
  reject_reason: Optional(TypedText(REASON_MAX)),
  /** Ours: the `version` of each article that the editor looked at. */
  versions: Optional(Type.Array(Type.String({ maxLength: VERSION_MAX }), { maxItems: IDS_MAX })),
})

export interface OfficeArticlesRoutesNeeds {
  articles: OfficeArticles
  counters: Counters
  localTime: (at: Date) => string
  absoluteUrl: (path: string) => string
}

export const officeArticleRoutes =
  ({ articles, counters, localTime, absoluteUrl }: OfficeArticlesRoutesNeeds): Routes =>
  async server => {
    async function toItems(rows: OfficeArticle[]) {
      const ids = rows.map(row => row.id)
      const count = await counters.read(['article.comments'], ids, ANONYMOUS)
      return rows.map(({ id, updated_at, ...row }) => ({
        article_id: id,
        ...row,
        comment_count: count(id, 'article.comments'),
        update_time: localTime(updated_at),
        actions: reviewActionsFor(row.status),
      }))
    }

    server.get(
      '/articles',
      {
        config: { access: 'admin', permission: 'article-list-get', refuses: ['invalid'] },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('articles', OfficeArticleItem)) } },
      },
      async ({ query }) => {
        const { title, channel, status_list, begin, end, ...paging } = query
        const filter = { title: title || undefined, channel: channel || undefined, statuses: statusesOf(status_list) }
        const { rows, total } = await articles.list({ ...filter, ...toDateRange({ begin, end }, localTime) }, toAdminPage(paging))
        return { message: 'OK' as const, data: { articles: await toItems(rows), total_count: total } }
      },
    )

    server.put(
      '/articles',
      {
        config: { access: 'admin', permission: 'article-list-put' },
        schema: { body: DecisionBody, response: { 201: Type.Object({ message: Type.Literal('OK') }) } },
      },
      async (request, reply) => {
        const { article_ids: ids, status, reject_reason: reason, versions } = request.body
        await articles.decide(operatorOf(request), { ids, status, reason, versions })
        return reply.code(201).send({ message: 'OK' })
      },
    )

    server.get(
      '/articles/:id',
      {
        config: { access: 'admin', permission: 'article-get' },
        schema: { params: Params, response: { 200: Envelope(OfficeArticlePage) } },
      },
      async ({ params }) => {
        const { html, cover, reject_reason, decisions, words, ...row } = await articles.get(params.id)
        const [shown] = await toItems([row])
        const data = {
          ...(shown as NonNullable<typeof shown>),
          content: withAbsoluteImages(html, absoluteUrl),
          cover: { type: cover.length, images: cover.map(absoluteUrl) },
          reject_reason,
          words,
          decisions: decisions.map(decision => ({ ...decision, at: localTime(decision.at) })),
        }
        return { message: 'OK' as const, data }
      },
    )
  }

/** `1,2,5`. Undefined if the client gave none. */
function statusesOf(csv: string | undefined): number[] | undefined {
  if (!csv) return undefined
  const texts = csv.split(',').map(text => text.trim())
  if (!texts.every(text => /^[0-5]$/.test(text))) throw forbidden(BAD_STATUS_LIST)
  return texts.map(Number)
}
