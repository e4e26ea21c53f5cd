import { sql } from 'kysely'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { type PackedWhy, unpack, type Why } from '../pages/page-explanation.ts'

export interface ShownOn {
  id: PageId
  channelId: ChannelId
  position: number
  /** The number of the source. */
  source: number
  why: Why['items'][number] | null
  at: Date
}

/** The newest page that showed this article to this viewer, in one channel or in any. */
export async function shownOn(
  db: Db,
  viewer: string,
  articleId: ArticleId,
  channelId: ChannelId | undefined,
): Promise<ShownOn | undefined> {
  const { rows } = await sql<Omit<ShownOn, 'why'> & { why: PackedWhy | null }>`
    select page.id, channel_id as "channelId", place - 1 as position, sources[place] as source, why, made_at as at
      from page cross join lateral array_position(article_ids, ${articleId}::bigint) place
     where viewer = ${viewer} and place is not null and (${channelId ?? null}::int is null or channel_id = ${channelId ?? null})
     order by made_at desc limit 1`.execute(db)
  const [row] = rows
  return row && { ...row, why: (row.why && unpack(row.why).items[row.position]) ?? null }
}

/** Whether it stood on a page that is no longer kept. */
export async function seenOnce(db: Db, viewer: string, articleId: ArticleId): Promise<boolean> {
  const { rows } = await sql`select from seen_day where viewer = ${viewer} and ${articleId}::bigint = any(article_ids) limit 1`.execute(db)
  return rows.length > 0
}

/** The status of an article; undefined when there is none. */
export async function statusOf(db: Db, articleId: ArticleId): Promise<number | undefined> {
  const row = await db.selectFrom('article').select('status').where('id', '=', articleId).executeTakeFirst()
  return row?.status
}
