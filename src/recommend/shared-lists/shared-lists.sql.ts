import { sql } from 'kysely'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

/** Stores the list of a channel and minute. Returns the stored one: another process may have been first. */
export async function storeSharedList(db: Db, channelId: ChannelId, minute: number, ids: ArticleId[]): Promise<ArticleId[]> {
  const { rows } = await sql<{ ids: ArticleId[] }>`
    with put as (insert into shared_list (channel_id, minute, article_ids) values (${channelId}, ${minute}, ${ids}::bigint[]) on conflict do nothing returning article_ids)
    select article_ids as ids from put
    union all select article_ids from shared_list where channel_id = ${channelId} and minute = ${minute} limit 1`.execute(db)
  return rows[0]?.ids ?? findSharedList(db, channelId, minute).then(list => list ?? ids)
}

export async function findSharedList(db: Db, channelId: ChannelId, minute: number): Promise<ArticleId[] | undefined> {
  const row = await db
    .selectFrom('shared_list')
    .select('article_ids')
    .where('channel_id', '=', channelId)
    .where('minute', '=', BigInt(minute))
    .executeTakeFirst()
  return row?.article_ids
}

/** The newest list of a channel, of this minute or later. */
export async function findLatestSharedList(
  db: Db,
  channelId: ChannelId,
  sinceMinute: number,
): Promise<{ minute: number; ids: ArticleId[] } | undefined> {
  const { rows } = await sql<{ minute: number; ids: ArticleId[] }>`
    select minute::float8 as minute, article_ids as ids from shared_list
     where channel_id = ${channelId} and minute >= ${sinceMinute} and cardinality(article_ids) > 0 order by minute desc limit 1`.execute(db)
  return rows[0]
}

/** The published articles of a channel, or of all channels if undefined, newest first. */
export async function listNewestIds(db: Db, channelId: ChannelId | undefined, limit: number): Promise<ArticleId[]> {
  const ofChannel = channelId === undefined ? sql`` : sql`and channel_id = ${channelId}`
  const { rows } = await sql<{ id: ArticleId }>`
    select id from published_article where true ${ofChannel} order by published_at desc limit ${limit}`.execute(db)
  return rows.map(row => row.id)
}

export async function deleteOldLists(db: Db, beforeMinute: number): Promise<void> {
  await db.deleteFrom('shared_list').where('minute', '<', BigInt(beforeMinute)).execute()
}
