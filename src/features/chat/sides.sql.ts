// What a chat is to each of its readers: receipts, unread messages, and the list of chats.

import { sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { isKept, linkedArticle, type MessageRow, messageColumns, type Peer } from './messages.sql.ts'

/** More than this many unread messages of a chat are not counted. */
const UNREAD_MAX = 99

const unread = sql`(
  select count(*)::int from (
    select from chat_message m where m.chat_id = side.chat_id and m.seq > side.read_seq and m.sender_id <> side.reader_id and ${isKept}
     limit ${sql.lit(UNREAD_MAX)}) counted)`
/** Once one reader blocks another, neither hears of the other. */
const apart = sql`exists (
  select from blocking b where (b.reader_id, b.blocked_id) in ((side.reader_id, side.peer_id), (side.peer_id, side.reader_id)))`

export interface SideRow {
  reader_id: ReaderId
  peer_id: ReaderId
  last_seq: number
  unread: number
  /** Receipts of the other reader; null between blocked readers. */
  delivered_seq: number | null
  read_seq: number | null
}

const stateColumns = sql`
  side.reader_id, side.peer_id, chat.last_seq, ${unread} as unread,
  case when ${apart} then null else coalesce(other.delivered_seq, 0) end as delivered_seq,
  case when ${apart} then null else coalesce(other.read_seq, 0) end as read_seq`
const sides = sql`
  chat_side side join chat on chat.id = side.chat_id
  left join chat_side other on other.reader_id = side.peer_id and other.peer_id = side.reader_id`

export async function findSide(db: Db, [reader, peer]: [ReaderId, ReaderId]): Promise<SideRow | undefined> {
  const { rows } = await sql<SideRow>`
    select ${stateColumns} from ${sides} where side.reader_id = ${reader} and side.peer_id = ${peer}`.execute(db)
  return rows[0]
}

/** A chat, and one of its readers. */
export interface ChatOf {
  chat_id: bigint
  reader_id: ReaderId
}

/** What each of these chats is to the reader beside it. */
export async function listSides(db: Db, chats: ChatOf[]): Promise<SideRow[]> {
  const { rows } = await sql<SideRow>`
    select ${stateColumns} from ${sides}
     where (side.chat_id, side.reader_id) in (
       select * from unnest(${chats.map(({ chat_id }) => chat_id)}::bigint[], ${chats.map(({ reader_id }) => reader_id)}::bigint[]))`.execute(
    db,
  )
  return rows
}

/** The two readers of each of `chatIds`; of `togetherIds` if neither blocks the other. */
export async function listReadersOf(db: Db, chatIds: bigint[], togetherIds: bigint[]): Promise<ChatOf[]> {
  const { rows } = await sql<ChatOf>`
    select side.chat_id, side.reader_id from chat_side side
     where side.chat_id = any(${chatIds}::bigint[]) or side.chat_id = any(${togetherIds}::bigint[]) and not ${apart}`.execute(db)
  return rows
}

/** The chats of these readers with a message that links to one of these articles, at most `limit`. */
export async function listChatsLinkedTo(db: Db, articles: ArticleId[], readers: ReaderId[], limit: number): Promise<ChatOf[]> {
  const { rows } = await sql<ChatOf>`
    select distinct side.chat_id, side.reader_id from chat_message m join chat_side side on side.chat_id = m.chat_id
     where m.article_id = any(${articles}::bigint[]) and side.reader_id = any(${readers}::bigint[]) limit ${limit}`.execute(db)
  return rows
}

export type ChatRow = SideRow & Omit<Peer, 'id'> & { last_id: bigint } & { [K in keyof MessageRow]: MessageRow[K] | null }

/** The chats of a reader by their newest message, those before the one with the id `before`. */
export async function listChats(db: Db, reader: ReaderId, { before, limit }: { before: bigint | null; limit: number }): Promise<ChatRow[]> {
  const { rows } = await sql<ChatRow>`
    with listed as (
      select * from chat_side where reader_id = ${reader} and last_id < ${before ?? 2n ** 63n - 1n} order by last_id desc limit ${limit}
    )
    select ${stateColumns}, side.last_id, coalesce(r.name, '') as name, r.photo, coalesce(r.frozen, true) as gone, ${messageColumns},
           exists (select from blocking where reader_id = side.peer_id and blocked_id = side.reader_id) as blocks,
           exists (select from blocking where reader_id = side.reader_id and blocked_id = side.peer_id) as blocked
      from listed side join chat on chat.id = side.chat_id
      left join chat_side other on other.reader_id = side.peer_id and other.peer_id = side.reader_id
      left join reader r on r.id = side.peer_id and r.deleted_at is null
      left join lateral (
        select * from chat_message m where m.chat_id = side.chat_id and ${isKept} order by m.seq desc limit 1
      ) m on true ${linkedArticle}
     order by side.last_id desc`.execute(db)
  return rows
}

/** Chats beyond it are not counted: a badge shows `99+`. */
const COUNTED_CHATS_MAX = 100

export async function countUnreadMessages(db: Db, reader: ReaderId): Promise<number> {
  const { rows } = await sql<{ unread: number }>`
    select coalesce(sum(${unread}), 0)::int as unread from (
      select side.* from chat_side side join chat on chat.id = side.chat_id
       where side.reader_id = ${reader} and side.last_id is not null and chat.last_seq > side.read_seq
       order by side.last_id desc limit ${COUNTED_CHATS_MAX}) side`.execute(db)
  return rows[0]?.unread ?? 0
}

/** Receipts only move forward. False if there is no such chat. */
export async function moveReceipts(
  db: Db,
  [reader, peer]: [ReaderId, ReaderId],
  { delivered, read }: { delivered: number; read: number },
): Promise<boolean> {
  const { rows } = await sql`
    with side as (
      select chat_side.*, least(${Math.max(delivered, read)}, last_seq) as delivered, least(${read}, last_seq) as read
        from chat_side join chat on chat.id = chat_id where reader_id = ${reader} and peer_id = ${peer}
    ), moved as (
      update chat_side set delivered_seq = greatest(chat_side.delivered_seq, delivered), read_seq = greatest(chat_side.read_seq, read)
        from side where (chat_side.reader_id, chat_side.peer_id) = (side.reader_id, side.peer_id)
         and (chat_side.delivered_seq < delivered or chat_side.read_seq < read)
    )
    select from side`.execute(db)
  return rows.length === 1
}
