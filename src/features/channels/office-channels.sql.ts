import { sql } from 'kysely'
import type { ChannelId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { likeAnywhere } from '../../engines/database/like.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import { writeUnique } from '../../engines/database/write-unique.ts'
import type { AdminPage } from '../../http/admin-lists.ts'

export interface OfficeChannel {
  id: ChannelId
  name: string
  visible: boolean
  sequence: number
  /** Of every status: as long as there is one, the channel cannot be deleted. */
  article_count: number
}

const COLUMNS = sql`id, name, visible, sequence, (select count(*)::int from article where channel_id = channel.id) as article_count`

export interface OfficeChannelFilter {
  id?: ChannelId
  keyword?: string
  visible?: boolean
}

export async function listOfficeChannels(
  db: Db,
  { id, keyword, visible }: OfficeChannelFilter,
  { offset, limit, newestFirst }: AdminPage,
): Promise<ListPage<OfficeChannel>> {
  const like = keyword === undefined ? null : likeAnywhere(keyword)
  const matches = sql`
    (${id ?? null}::int is null or id = ${id ?? null}) and (${like}::text is null or name ilike ${like})
    and (${visible ?? null}::boolean is null or visible = ${visible ?? null})`
  return readListPage(db, {
    total: sql`select count(*)::int as total from channel where ${matches}`,
    rows: sql<OfficeChannel>`
      select ${COLUMNS} from channel where ${matches}
       order by ${newestFirst ? sql`id desc` : sql`sequence, id`} offset ${offset} limit ${limit}`,
  })
}

export async function findOfficeChannel(tx: Tx, id: ChannelId): Promise<OfficeChannel | undefined> {
  const { rows } = await sql<OfficeChannel>`select ${COLUMNS} from channel where id = ${id} for update`.execute(tx)
  return rows[0]
}

/** Undefined if the name is taken. */
export async function insertChannel(
  tx: Tx,
  { name, visible, sequence }: Pick<OfficeChannel, 'name' | 'visible' | 'sequence'>,
): Promise<ChannelId | undefined> {
  const { rows } = await sql<{ id: ChannelId }>`
    insert into channel (name, visible, sequence) values (${name}, ${visible}, ${sequence}) on conflict do nothing returning id`.execute(tx)
  return rows[0]?.id
}

/** 'taken' if another channel has the name; the transaction is then over. */
export async function updateChannel(tx: Tx, { id, name, visible, sequence }: OfficeChannel): Promise<'changed' | 'taken'> {
  return writeUnique(async () => {
    await sql`update channel set name = ${name}, visible = ${visible}, sequence = ${sequence} where id = ${id}`.execute(tx)
    return 'changed'
  })
}

/** False if it has articles, of which one may have been written this moment; the transaction is then over. */
export async function deleteChannel(tx: Tx, id: ChannelId): Promise<boolean> {
  try {
    await sql`delete from channel where id = ${id}`.execute(tx)
    return true
  } catch (err) {
    if ((err as { code?: string }).code === '23503') return false // foreign_key_violation
    throw err
  }
}
