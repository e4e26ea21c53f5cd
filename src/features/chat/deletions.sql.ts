// How messages go: deleted by a reader for themselves, reported to the editors and removed by them, forgotten by both.

import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { isKept } from './messages.sql.ts'

/** Deletes a message for one of its readers. False if they do not have it. */
export async function deleteForReader(db: Db, [reader, peer]: [ReaderId, ReaderId], seq: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update chat_message m
       set deleted_by_sender = deleted_by_sender or m.sender_id = side.reader_id,
           deleted_by_recipient = deleted_by_recipient or m.sender_id <> side.reader_id
      from chat_side side
     where side.reader_id = ${reader} and side.peer_id = ${peer} and m.chat_id = side.chat_id and m.seq = ${seq} and ${isKept}`.execute(db)
  return numAffectedRows === 1n
}

/** Deletes everything so far for one of the readers. With the lock, so that a message that comes now is not hidden with it. */
export async function clearForReader(tx: Tx, [reader, peer]: [ReaderId, ReaderId]): Promise<boolean> {
  const { rows } = await sql<{ id: bigint; last_seq: number }>`
    select chat.id, last_seq from chat join chat_side side on side.chat_id = chat.id
     where side.reader_id = ${reader} and side.peer_id = ${peer} for update of chat`.execute(tx)
  const [chat] = rows
  if (!chat) return false
  await sql`
    update chat_side set cleared_seq = (select last_seq from chat where id = ${chat.id}), last_id = null
     where reader_id = ${reader} and peer_id = ${peer}`.execute(tx)
  return true
}

/** `isNew` is false if the reader has reported the message before. Readers cannot report what they wrote themselves. */
export async function createChatReport(
  db: Db,
  [reader, peer]: [ReaderId, ReaderId],
  { seq, type, remark }: { seq: number; type: number; remark: string | null },
): Promise<{ exists: boolean; isNew: boolean }> {
  const { rows } = await sql<{ exists: boolean; isNew: boolean }>`
    with target as (
      select m.id from chat_side side join chat_message m on m.chat_id = side.chat_id
       where side.reader_id = ${reader} and side.peer_id = ${peer} and m.seq = ${seq} and m.sender_id = ${peer} and not m.removed and ${isKept}
    ), created as (
      insert into chat_report (reader_id, message_id, type, remark) select ${reader}, target.id, ${type}::smallint, ${remark} from target
      on conflict (reader_id, message_id) do nothing returning 1
    )
    select exists (select from target) as "exists", exists (select from created) as "isNew"`.execute(db)
  return rows[0] as { exists: boolean; isNew: boolean }
}

/** Editors take a message away from both readers. False if it is gone already. */
export async function removeMessage(tx: Tx, id: bigint): Promise<boolean> {
  const { numAffectedRows } = await sql`update chat_message set removed = true, content = '' where id = ${id} and not removed`.execute(tx)
  return numAffectedRows === 1n
}

/**
 * Looks at up to `limit` messages that a reader has given up, in the order in which they did, and deletes those that neither reader
 * has any more, unless a report waits, and chats whose two accounts are deleted. `looked`: at how many ranges (table `chat_forgotten`); at none if nothing is left.
 */
export async function deleteForgottenMessages(db: Db, limit: number): Promise<{ deleted: number; looked: number }> {
  const { rows } = await sql<{ deleted: number; looked: number }>`
    with oldest as (
      select id, chat_id, after_seq, up_to_seq, least(up_to_seq, after_seq + ${limit}::int) as end_seq
        from chat_forgotten order by id limit ${limit}
    ), batch as (
      select * from (select *, sum(end_seq - after_seq) over (order by id) as messages from oldest) summed where messages <= ${limit}::int
    ), cut as (
      update chat_forgotten set after_seq = end_seq from batch where chat_forgotten.id = batch.id and end_seq < batch.up_to_seq
    ), finished as (
      delete from chat_forgotten using batch where chat_forgotten.id = batch.id and end_seq = batch.up_to_seq
    ), deleted as (
      delete from chat_message m using batch
       where m.chat_id = batch.chat_id and m.seq > batch.after_seq and m.seq <= batch.end_seq
         and not exists (select from chat_side side where side.chat_id = m.chat_id and ${isKept})
         and not exists (select from chat_report r where r.message_id = m.id and r.handled_at is null)
      returning 1
    ), abandoned as (
      delete from chat using batch where chat.id = batch.chat_id and not exists (select from chat_side side where side.chat_id = chat.id)
    )
    select (select count(*)::int from deleted) as deleted, (select count(*)::int from batch) as looked`.execute(db)
  return rows[0] as { deleted: number; looked: number }
}
