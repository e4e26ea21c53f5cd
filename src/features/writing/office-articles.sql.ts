// Articles as editors see them, whatever their status.

import { type RawBuilder, sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { likeAnywhere } from '../../engines/database/like.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { AdminPage, DateRange } from '../../http/admin-lists.ts'
import { VERSION } from './writing.sql.ts'

export interface OfficeFilter extends DateRange {
  title?: string
  /** Part of a channel's name. */
  channel?: string
  statuses?: number[]
}

export interface OfficeArticle {
  id: ArticleId
  title: string
  author_id: ReaderId
  name: string
  channel_name: string
  updated_at: Date
  status: number
  /** Grows with every change of the article. */
  version: string
}

const COLUMNS = sql`
  article.id, title, author_id, reader.name, channel.name as channel_name, article.updated_at, status,
  ${VERSION} as version`
const FROM = sql`article join reader on reader.id = author_id join channel on channel.id = channel_id`

function matches({ title, channel, statuses, since, before }: OfficeFilter): RawBuilder<unknown> {
  const conditions = [
    sql`true`,
    title !== undefined && sql`title ilike ${likeAnywhere(title)}`,
    channel !== undefined && sql`channel.name ilike ${likeAnywhere(channel)}`,
    statuses && sql`status = any(${statuses}::smallint[])`,
    since !== undefined && sql`article.updated_at >= to_timestamp(${since / 1_000})`,
    before !== undefined && sql`article.updated_at < to_timestamp(${before / 1_000})`,
  ].filter(condition => typeof condition === 'object')
  return sql.join(conditions, sql` and `)
}

/** Those that were changed longest ago first, unless the newest are asked for. */
export async function listOfficeArticles(
  db: Db,
  filter: OfficeFilter,
  { offset, limit, newestFirst }: AdminPage,
): Promise<ListPage<OfficeArticle>> {
  const direction = newestFirst ? sql`desc` : sql`asc`
  return readListPage(db, {
    total: sql`select count(*)::int as total from ${FROM} where ${matches(filter)}`,
    rows: sql<OfficeArticle>`
      select ${COLUMNS} from ${FROM} where ${matches(filter)}
       order by article.updated_at ${direction}, article.id ${direction} offset ${offset} limit ${limit}`,
  })
}

export interface OfficeArticlePage extends OfficeArticle {
  html: string
  cover: string[]
  reject_reason: string | null
}

export async function findOfficeArticle(db: Db, id: ArticleId): Promise<OfficeArticlePage | undefined> {
  const { rows } = await sql<OfficeArticlePage>`
    select ${COLUMNS}, coalesce(html, '') as html, cover, reject_reason
      from ${FROM} left join article_content on article_id = article.id where article.id = ${id}`.execute(db)
  return rows[0]
}

/** In the order of their ids. Other decisions about them wait until the end of the transaction. */
export async function lockArticles(tx: Tx, ids: ArticleId[]): Promise<Pick<OfficeArticle, 'id' | 'title' | 'status' | 'version'>[]> {
  const { rows } = await sql<OfficeArticle>`
    select id, title, status, ${VERSION} as version
      from article where id = any(${ids}::bigint[]) order by id for update`.execute(tx)
  return rows
}

export interface PastDecision {
  at: Date
  reviewer: string
  action: string
  reason: string | null
}

/** The newest first. */
export async function listDecisions(db: Db | Tx, id: ArticleId, limit: number): Promise<PastDecision[]> {
  return db
    .selectFrom('article_review')
    .select(['at', 'reviewer', 'action', 'reason'])
    .where('article_id', '=', id)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
}
