import { sql } from 'kysely'
import type { ChannelId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

/** The first picture of each channel's newest article that has one. */
export async function findNewestPictures(db: Db, channels: ChannelId[]): Promise<Map<ChannelId, string>> {
  const { rows } = await sql<{ channel: ChannelId; picture: string }>`
    select channel, newest.picture
      from unnest(${channels}::int[]) channel
      join lateral (select cover[1] as picture from published_article where channel_id = channel and cover <> '{}'
                     order by published_at desc limit 1) newest on true`.execute(db)
  return new Map(rows.map(({ channel, picture }) => [channel, picture]))
}
