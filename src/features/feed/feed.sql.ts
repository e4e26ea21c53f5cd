import { sql } from 'kysely'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

/** Published before a moment, newest first; of all channels when none is given. `publishedAt` in whole milliseconds. */
export async function newestArticles(
  db: Db,
  channelId: ChannelId | undefined,
  before: number,
  most: number,
): Promise<{ id: ArticleId; publishedAt: number }[]> {
  const ofChannel = channelId === undefined ? sql`` : sql`and channel_id = ${channelId}`
  const { rows } = await sql<{ id: ArticleId; publishedAt: number }>`
    select id, floor(extract(epoch from published_at) * 1000)::float8 as "publishedAt" from article
     where status = 2 ${ofChannel} and published_at < least(to_timestamp(${before / 1000}), now())
     order by published_at desc limit ${most}`.execute(db)
  return rows
}
