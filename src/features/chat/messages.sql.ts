import { type RawBuilder, sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

export interface Peer {
  id: ReaderId
  name: string
  photo: string | null
  /** Frozen, or their account is deleted. */
  gone: boolean
  blocks: boolean
  blocked: boolean
}

/** Undefined if there is no such reader, and never was a chat with them. */
export async function findPeer(db: Db, reader: ReaderId, peer: ReaderId): Promise<Peer | undefined> {
  const { rows } = await sql<Peer>`
    select ${peer}::bigint as id, coalesce(r.name, '') as name, r.photo, coalesce(r.frozen, true) as gone,
           exists (select from blocking where reader_id = ${peer} and blocked_id = ${reader}) as blocks,
           exists (select from blocking where reader_id = ${reader} and blocked_id = ${peer}) as blocked
      from (select) one left join reader r on r.id = ${peer} and r.deleted_at is null
     where r.id is not null or exists (select from chat_side where reader_id = ${reader} and peer_id = ${peer})`.execute(db)
  return rows[0]
}

/** Locks the chat of two readers until the end of the transaction; creates it if it is their first message. */
export async function lockChat(tx: Tx, [a, b]: [ReaderId, ReaderId], newId: () => bigint): Promise<bigint> {
  const [low, high] = a < b ? [a, b] : [b, a]
  const lock = async () =>
    (await sql<{ id: bigint }>`select id from chat where low_id = ${low} and high_id = ${high} for update`.execute(tx)).rows[0]?.id
  const known = await lock()
  if (known !== undefined) return known
  await sql`insert into chat (id, low_id, high_id) values (${newId()}, ${low}, ${high}) on conflict do nothing`.execute(tx)
  return (await lock()) as bigint
}

export interface MessageRow {
  seq: number
  id: bigint
  sender_id: ReaderId
  client_id: string
  content: string
  removed: boolean
  at: Date
  /** The article that the text links to; null if it links to none, or readers do not see it any more. */
  article_id: ArticleId | null
  article_title: string | null
}

export const messageColumns = sql`
  m.seq, m.id, m.sender_id, m.client_id, case when m.removed then '' else m.content end as content, m.removed, m.at,
  article.id as article_id, article.title as article_title`
export const linkedArticle = sql`left join published_article article on article.id = m.article_id and not m.removed`

/** What the sender has sent under this name. */
export async function findSent(db: Db | Tx, readers: [ReaderId, ReaderId], clientId: string): Promise<MessageRow | undefined> {
  const { rows } = await sql<MessageRow>`
    select ${messageColumns} from chat_side side join chat_message m on m.chat_id = side.chat_id ${linkedArticle}
     where side.reader_id = ${readers[0]} and side.peer_id = ${readers[1]} and m.sender_id = ${readers[0]} and m.client_id = ${clientId}`.execute(
    db,
  )
  return rows[0]
}

/** How many messages `sender` has sent to a reader who has never answered. */
export async function countUnanswered(tx: Tx, chatId: bigint, sender: ReaderId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select case when exists (select from chat_message where chat_id = ${chatId} and sender_id <> ${sender}) then 0 else last_seq end as count
      from chat where id = ${chatId}`.execute(tx)
  return rows[0]?.count ?? 0
}

export interface NewMessage {
  id: bigint
  sender: ReaderId
  peer: ReaderId
  clientId: string
  content: string
  articleId: ArticleId | null
}

/** Gives the message the next number of the chat, whose lock the caller holds. */
export async function insertMessage(tx: Tx, chatId: bigint, message: NewMessage): Promise<MessageRow> {
  const { id, sender, peer, clientId, content, articleId } = message
  const { rows } = await sql<MessageRow>`
    with numbered as (update chat set last_seq = last_seq + 1 where id = ${chatId} returning id, last_seq),
    m as (
      insert into chat_message (chat_id, seq, id, sender_id, client_id, content, article_id)
      select numbered.id, last_seq, ${id}, ${sender}, ${clientId}, ${content}, (select id from published_article where id = ${articleId}::bigint)
        from numbered returning *
    ), sides as (
      insert into chat_side (reader_id, peer_id, chat_id, last_id)
      select reader_id, peer_id, ${chatId}, ${id}
        from (values (${sender}::bigint, ${peer}::bigint), (${peer}::bigint, ${sender}::bigint)) pair (reader_id, peer_id)
        join reader on reader.id = reader_id
      on conflict (reader_id, peer_id) do update set last_id = excluded.last_id
    )
    select ${messageColumns} from m ${linkedArticle}`.execute(tx)
  return rows[0] as MessageRow
}

/** Of a message `m` and the side of a reader: whether the reader still has it. */
export const isKept = sql`
  m.seq > side.cleared_seq and not case when m.sender_id = side.reader_id then m.deleted_by_sender else m.deleted_by_recipient end`

/** Those after `after`, or the newest ones before `before`; the oldest first either way. */
export async function listMessages(
  db: Db,
  [reader, peer]: [ReaderId, ReaderId],
  { after, before, limit }: { after: number | undefined; before: number | undefined; limit: number },
): Promise<MessageRow[]> {
  const bound = after === undefined ? sql`m.seq < ${before ?? 2 ** 31 - 1}` : sql`m.seq > ${after}`
  const { rows } = await sql<MessageRow>`
    select ${messageColumns} from (
      select m.* from chat_side side join chat_message m on m.chat_id = side.chat_id
       where side.reader_id = ${reader} and side.peer_id = ${peer} and ${bound} and ${isKept}
       order by m.seq ${after === undefined ? sql`desc` : sql``} limit ${limit}
    ) m ${linkedArticle} order by m.seq`.execute(db)
  return rows
}

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

/** `isNew` is false if the reader has reported the message before. Nobody reports what they wrote themselves. */
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

/** Deletes up to `limit` messages that neither reader has any more, unless a report waits. Returns how many. */
export async function deleteForgottenMessages(db: Db, limit: number): Promise<number> {
  const isForgotten: RawBuilder<boolean> = sql`
    not exists (select from chat_side side where side.chat_id = m.chat_id and ${isKept})
    and not exists (select from chat_report r where r.message_id = m.id and r.handled_at is null)`
  const { numAffectedRows } = await sql`
    delete from chat_message where ctid = any(array(
      select m.ctid from chat_message m where (m.deleted_by_sender or m.deleted_by_recipient) and ${isForgotten} limit ${limit}))
      or ctid = any(array(
      select m.ctid from chat_side a join chat_side b on b.reader_id = a.peer_id and b.peer_id = a.reader_id
        join chat_message m on m.chat_id = a.chat_id and m.seq <= least(a.cleared_seq, b.cleared_seq)
       where a.cleared_seq > 0 and a.reader_id < b.reader_id and ${isForgotten} limit ${limit}))`.execute(db)
  return Number(numAffectedRows)
}
