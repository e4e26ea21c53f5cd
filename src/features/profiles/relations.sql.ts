import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { OffsetLimit } from '../../http/paging.ts'

/** Locks both readers, so that concurrent changes cannot leave a follow and a block. False if the target does not exist. */
export async function lockRelations(tx: Tx, readerId: ReaderId, target: ReaderId): Promise<boolean> {
  await sql`select from reader where id = ${readerId} for no key update`.execute(tx)
  // The lock keeps the target from being deleted before the transaction ends.
  const { rows } = await sql`select from reader where id = ${target} for key share`.execute(tx)
  return rows.length > 0
}

export async function addFollowing(tx: Tx, readerId: ReaderId, target: ReaderId): Promise<void> {
  await sql`insert into following (reader_id, creator_id) select id, ${target} from reader where id = ${readerId} on conflict do nothing`.execute(
    tx,
  )
}

export async function removeFollowing(db: Db | Tx, readerId: ReaderId, target: ReaderId): Promise<void> {
  await db.deleteFrom('following').where('reader_id', '=', readerId).where('creator_id', '=', target).execute()
}

export async function addBlocking(tx: Tx, readerId: ReaderId, target: ReaderId): Promise<void> {
  await sql`insert into blocking (reader_id, blocked_id) select id, ${target} from reader where id = ${readerId} on conflict do nothing`.execute(
    tx,
  )
}

export async function removeBlocking(db: Db | Tx, readerId: ReaderId, target: ReaderId): Promise<void> {
  await db.deleteFrom('blocking').where('reader_id', '=', readerId).where('blocked_id', '=', target).execute()
}

export interface BlockedRow {
  id: ReaderId
  name: string
  photo: string | null
}

/** One page, the newest first, and the length of the whole list. */
export async function listBlocked(db: Db, id: ReaderId, { offset, limit }: OffsetLimit): Promise<{ total: number; rows: BlockedRow[] }> {
  const { rows } = await sql<BlockedRow>`
    select reader.id, name, photo from blocking join reader on reader.id = blocked_id
     where reader_id = ${id} order by at desc, blocked_id desc offset ${offset} limit ${limit}`.execute(db)
  const { rows: counted } = await sql<{ total: number }>`select count(*)::int as total from blocking where reader_id = ${id}`.execute(db)
  return { total: counted[0]?.total ?? 0, rows }
}
