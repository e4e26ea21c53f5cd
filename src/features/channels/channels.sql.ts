import { sql } from 'kysely'
import type { ChannelId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

export interface Channel {
  id: ChannelId
  name: string
}

export interface OwnChannel {
  id: ChannelId
  seq: number
}

export async function listVisibleChannels(db: Db): Promise<(Channel & { isDefault: boolean })[]> {
  return db
    .selectFrom('channel')
    .select(['id', 'name', 'is_default as isDefault'])
    .where('visible', '=', true)
    .orderBy('sequence')
    .orderBy('id')
    .execute()
}

export async function listOwnChannels(db: Db | Tx, readerId: ReaderId): Promise<OwnChannel[]> {
  return db
    .selectFrom('reader_channel')
    .innerJoin('channel', 'channel.id', 'reader_channel.channel_id')
    .select(['channel.id', 'reader_channel.sequence as seq'])
    .where('reader_id', '=', readerId)
    .where('channel.visible', '=', true)
    .orderBy('reader_channel.sequence')
    .orderBy('channel.id')
    .execute()
}

/** Adds channels to the reader's list, and moves those it already has. False if one of them has been deleted. */
export async function saveOwnChannels(tx: Tx, readerId: ReaderId, channels: OwnChannel[]): Promise<boolean> {
  if (channels.length === 0) return true
  const { numAffectedRows } = await sql`insert into reader_channel (reader_id, channel_id, sequence)
    select ${readerId}, id, seq
      from unnest(${channels.map(channel => channel.id)}::int[], ${channels.map(channel => channel.seq)}::int[]) given (id, seq) join channel using (id)
    on conflict (reader_id, channel_id) do update set sequence = excluded.sequence`.execute(tx)
  return numAffectedRows === BigInt(channels.length)
}

/** Without `ids`, removes all. */
export async function removeOwnChannels(tx: Db | Tx, readerId: ReaderId, ids?: ChannelId[]): Promise<void> {
  let rows = tx.deleteFrom('reader_channel').where('reader_id', '=', readerId)
  if (ids) rows = rows.where(sql<boolean>`channel_id = any(${ids}::int[])`)
  await rows.execute()
}

/** Locks the reader's row, so that concurrent changes of one list run one after another. */
export async function lockChannelList(tx: Tx, readerId: ReaderId): Promise<void> {
  await sql`select from reader where id = ${readerId} for no key update`.execute(tx)
}
