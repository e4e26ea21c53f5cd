// The lists of a creator's own articles.

import { type RawBuilder, sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { likeAnywhere } from '../../engines/database/like.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { OffsetLimit } from '../../http/paging.ts'

export interface OwnArticlesFilter {
  authorId: ReaderId
  statuses: readonly number[]
  channelIds?: ChannelId[]
  /** Milliseconds since 1970; `before` is excluded. */
  since?: number
  before?: number
  /** Part of a title. */
  title?: string
}

export interface OwnArticleRow {
  id: ArticleId
  title: string
  status: number
  cover: string[]
  channel_id: ChannelId
  published_at: Date
  publish_at: Date | null
  reject_reason: string | null
  allow_comment: boolean
  fans_comment_count: number
}

/** One page, newest first, and the length of the whole list. */
export async function listOwnArticles(db: Db, filter: OwnArticlesFilter, { offset, limit }: OffsetLimit): Promise<ListPage<OwnArticleRow>> {
  const condition = matches(filter)
  return readListPage(db, {
    total: sql`select count(*)::int as total from article where ${condition}`,
    rows: sql<OwnArticleRow>`
      select id, title, status, cover, channel_id, published_at, publish_at, reject_reason, allow_comment,
             (select count(*)::int from comment join following on following.reader_id = comment.author_id and following.creator_id = article.author_id
               where comment.article_id = article.id and comment.status = 1) as fans_comment_count
        from article where ${condition} order by published_at desc, id desc offset ${offset} limit ${limit}`,
  })
}

function matches({ authorId, statuses, channelIds, since, before, title }: OwnArticlesFilter): RawBuilder<unknown> {
  const conditions = [
    sql`author_id = ${authorId} and status = any(${statuses}::smallint[])`,
    channelIds && sql`channel_id = any(${channelIds}::int[])`,
    since !== undefined && sql`published_at >= to_timestamp(${since / 1_000})`,
    before !== undefined && sql`published_at < to_timestamp(${before / 1_000})`,
    title !== undefined && sql`title ilike ${likeAnywhere(title)}`,
  ].filter(condition => typeof condition === 'object')
  return sql.join(conditions, sql` and `)
}
