// Who a chat is with, and its messages: locked, sent, listed.

import { sql } from 'kysely'
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
    select case when (low_wrote and low_id <> ${sender}) or (high_wrote and high_id <> ${sender}) then 0 else last_seq end as count
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

/**
 * Gives the message the next number of the chat, whose lock the caller holds. A sender who had everything before it has it, too:
 * own messages behind the receipts would be looked at again with each count of the unread ones.
 */
export async function insertMessage(tx: Tx, chatId: bigint, message: NewMessage): Promise<MessageRow> {
  const { id, sender, peer, clientId, content, articleId } = message
  const { rows } = await sql<MessageRow>`
    with numbered as (
      update chat set last_seq = last_seq + 1, low_wrote = low_wrote or low_id = ${sender}, high_wrote = high_wrote or high_id = ${sender}
       where id = ${chatId} returning id, last_seq
    ),
    m as (
      insert into chat_message (chat_id, seq, id, sender_id, client_id, content, article_id)
      select numbered.id, last_seq, ${id}, ${sender}, ${clientId}, ${content}, (select id from published_article where id = ${articleId}::bigint)
        from numbered returning *
    ), sides as (
      insert into chat_side as side (reader_id, peer_id, chat_id, last_id, delivered_seq, read_seq)
      select reader_id, peer_id, ${chatId}, ${id}, own_seq, own_seq
        from (values (${sender}::bigint, ${peer}::bigint, (select last_seq from numbered)), (${peer}::bigint, ${sender}::bigint, 0))
             pair (reader_id, peer_id, own_seq)
        join reader on reader.id = reader_id
      on conflict (reader_id, peer_id) do update
        set last_id = excluded.last_id,
            delivered_seq = case side.delivered_seq when excluded.delivered_seq - 1 then excluded.delivered_seq else side.delivered_seq end,
            read_seq = case side.read_seq when excluded.read_seq - 1 then excluded.read_seq else side.read_seq end
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
