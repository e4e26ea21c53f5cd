import { sql } from 'kysely'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

/** Those of the articles that were published within the hour. */
export async function listNewlyPublished(db: Db, ids: ArticleId[]): Promise<{ id: ArticleId; channel_id: ChannelId }[]> {
  const { rows } = await sql<{ id: ArticleId; channel_id: ChannelId }>`
    select id, channel_id from published_article where id = any(${ids}::bigint[]) and published_at > now() - interval '1 hour'`.execute(db)
  return rows
}
