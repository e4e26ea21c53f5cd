import { sql } from 'kysely'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { type PackedExplanation, type PageExplanation, unpackExplanation } from '../pages/page-explanation.ts'

export interface Impression {
  pageId: PageId
  channelId: ChannelId
  /** From 0. */
  position: number
  /** Index in SOURCE_NAMES. */
  source: number
  item: PageExplanation['items'][number] | null
}

/** The newest page that showed the article to the viewer, in one channel or in any. */
export async function findLastImpression(
  db: Db,
  viewerKey: string,
  articleId: ArticleId,
  channelId: ChannelId | undefined,
): Promise<Impression | undefined> {
  const { rows } = await sql<Omit<Impression, 'item'> & { why: PackedExplanation | null }>`
    select page.id as "pageId", channel_id as "channelId", place - 1 as position, sources[place] as source, why
      from page cross join lateral array_position(article_ids, ${articleId}::bigint) place
     where viewer = ${viewerKey} and place is not null and (${channelId ?? null}::int is null or channel_id = ${channelId ?? null})
     order by made_at desc limit 1`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { why, ...impression } = row
  return { ...impression, item: (why && unpackExplanation(why).items[row.position]) ?? null }
}

/** Whether the viewer saw the article on a page that has been deleted. */
export async function wasSeenBefore(db: Db, viewerKey: string, articleId: ArticleId): Promise<boolean> {
  const { rows } = await sql`select from seen_day where viewer = ${viewerKey} and ${articleId}::bigint = any(article_ids) limit 1`.execute(
    db,
  )
  return rows.length > 0
}
