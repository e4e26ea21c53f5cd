// Chat between two readers. What is acknowledged is committed, in one order for both. push-chats.ts tells open pages to look.

import type { ReaderId } from '../../base/id.ts'
import { createKeyedQueue } from '../../base/keyed-queue.ts'
import { conflict, forbidden, invalid, notFound } from '../../base/problem.ts'
import { isBlank, normalizeText } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../../engines/limits/rate-limiter.ts'
import type { Moderation } from '../moderation/moderation.ts'
import { findArticleLink } from './article-link.ts'
import { type ChatList, type ChatMessage, MESSAGE_MAX, type MessageList } from './chat.schema.ts'
import { createChatViews } from './chat-views.ts'
import { clearForReader, createChatReport, deleteForReader } from './deletions.sql.ts'
import {
  countUnanswered,
  findPeer,
  findSent,
  insertMessage,
  listMessages,
  lockChat,
  type MessageRow,
  type NewMessage,
  type Peer,
} from './messages.sql.ts'
import { countUnreadMessages, findSide, listChats, moveReceipts } from './sides.sql.ts'

export type Chat = ReturnType<typeof createChat>

export interface ChatNeeds {
  db: Db
  newId: () => bigint
  /** Whether a number can be an id at all, so that others are refused without a query. */
  isPlausibleId: (id: bigint) => boolean
  photoUrl: (id: ReaderId, photo: string | null) => string
  /** PUBLIC_URL. */
  publicUrl: () => string
  checkMessage: Moderation['checkMessage']
  sendLimiter: RateLimiter
  strangerLimiter: RateLimiter
}

/** Two a second for a minute: no one types faster. */
export const SEND_LIMIT: RateLimit = { name: 'chat', points: 120, seconds: 60 }
/** Readers that a reader writes to for the first time. */
export const STRANGER_LIMIT: RateLimit = { name: 'chat-strangers', points: 30, seconds: 86_400 }
/** To a reader who has never answered. */
const UNANSWERED_MAX = 20
export const REMARK_MAX = 200

const NO_READER = 'There is no such reader.'
const GONE = 'The message does not exist.'

export function createChat({ db, newId, isPlausibleId, photoUrl, publicUrl, checkMessage, sendLimiter, strangerLimiter }: ChatNeeds) {
  const { toMessage, toState } = createChatViews(photoUrl)
  /** Messages of a chat wait for each other here. With the lock alone each would hold a connection of the pool while it waits. */
  const inTurn = createKeyedQueue()

  async function getPeer(reader: ReaderId, id: ReaderId): Promise<Peer> {
    const peer = id !== reader && isPlausibleId(id) ? await findPeer(db, reader, id) : undefined
    if (!peer) throw notFound(NO_READER)
    return peer
  }

  return {
    /** The newest first. `before` is the `next` of the page before. */
    async list(reader: ReaderId, { before, limit }: { before: bigint | null; limit: number }): Promise<ChatList> {
      const [rows, unread] = await Promise.all([listChats(db, reader, { before, limit }), countUnreadMessages(db, reader)])
      const chats = rows.map(row => ({
        ...toState({ ...row, id: row.peer_id }, row),
        last: row.seq === null ? null : toMessage(row as MessageRow),
      }))
      return { chats, next: rows.length === limit ? (rows.at(-1)?.last_id ?? null) : null, unread }
    },

    countUnread: async (reader: ReaderId) => ({ unread: await countUnreadMessages(db, reader) }),

    /** Those after `after`, or the newest before `before`. There are none before the first message. */
    async listMessages(
      reader: ReaderId,
      id: ReaderId,
      page: { after: number | undefined; before: number | undefined; limit: number },
    ): Promise<MessageList> {
      const peer = await getPeer(reader, id)
      // The messages are read last: a client that has the state up to `last_seq` then has the messages, too.
      const side = await findSide(db, [reader, id])
      const rows = await listMessages(db, [reader, id], page)
      return { ...toState(peer, side), messages: rows.map(toMessage) }
    },

    /**
     * A message that is sent again with the same `clientId` is stored once, and answered alike. `origin`: of the sender's page.
     * Links that begin with it are links to here.
     */
    async send(
      reader: ReaderId,
      id: ReaderId,
      { clientId, text, origin }: { clientId: string; text: string; origin: string | undefined },
    ): Promise<ChatMessage> {
      await takePoint(sendLimiter, reader.toString(), 'You are writing very fast. Please wait a minute.')
      const typed = normalizeText('text', text, MESSAGE_MAX)
      if (isBlank(typed)) throw invalid('The message is empty.')
      const chat = reader < id ? `${reader} ${id}` : `${id} ${reader}`
      return toMessage(await inTurn(chat, () => checkAndStore({ sender: reader, peer: id, clientId }, typed, origin)))
    },

    /** The reader's client has everything up to `delivered`, and the reader has read up to `read`. */
    async confirm(reader: ReaderId, id: ReaderId, { delivered = 0, read = 0 }: { delivered?: number; read?: number }) {
      if (!(await moveReceipts(db, [reader, id], { delivered, read }))) throw notFound('There is no such chat.')
      return { unread: await countUnreadMessages(db, reader) }
    },

    /** For the reader alone; the other one keeps it. */
    async deleteMessage(reader: ReaderId, id: ReaderId, seq: number): Promise<void> {
      if (!(await deleteForReader(db, [reader, id], seq))) throw notFound(GONE)
    },

    /** All messages so far, for the reader alone. */
    async clear(reader: ReaderId, id: ReaderId): Promise<void> {
      const isFound = await db.transaction().execute(tx => clearForReader(tx, [reader, id]))
      if (!isFound) throw notFound('There is no such chat.')
    },

    async report(
      reader: ReaderId,
      id: ReaderId,
      { seq, type, remark }: { seq: number; type: number; remark: string | undefined },
    ): Promise<void> {
      const typed = remark === undefined ? '' : normalizeText('remark', remark, REMARK_MAX)
      const outcome = await createChatReport(db, [reader, id], { seq, type, remark: isBlank(typed) ? null : typed })
      if (!outcome.exists) throw notFound(GONE)
      if (!outcome.isNew) throw conflict('You have reported this message.')
    },
  }

  async function checkAndStore(
    message: Pick<NewMessage, 'sender' | 'peer' | 'clientId'>,
    typed: string,
    origin: string | undefined,
  ): Promise<MessageRow> {
    const { sender, peer: id, clientId } = message
    const peer = await getPeer(sender, id)
    const sent = await findSent(db, [sender, id], clientId)
    if (sent) return sameMessage(sent, typed)
    assertWritable(peer)
    const content = await checkMessage(sender, typed)
    if (!(await findSide(db, [sender, id])))
      await takePoint(strangerLimiter, sender.toString(), 'You have written to many new readers today.')
    const articleId = findArticleLink(content, [publicUrl(), origin]) ?? null
    return store({ ...message, id: newId(), content, articleId }, typed)
  }

  /** With the lock of the chat, so that numbers are in the order of commits and a repeated message finds the first one. */
  function store(message: NewMessage, typed: string): Promise<MessageRow> {
    const { sender, peer, clientId } = message
    return db.transaction().execute(async tx => {
      const chatId = await lockChat(tx, [sender, peer], newId)
      const sent = await findSent(tx, [sender, peer], clientId)
      if (sent) return sameMessage(sent, typed)
      if ((await countUnanswered(tx, chatId, sender)) >= UNANSWERED_MAX)
        throw forbidden('Please wait for an answer.', { reason: 'unanswered' })
      assertWritable(await findPeer(tx, sender, peer)) // a block that is answered holds for what comes after it
      return insertMessage(tx, chatId, message)
    })
  }
}

/** The words that were masked are not known any more. Nor is the text of a message that an editor has taken away. */
function sameMessage(sent: MessageRow, typed: string): MessageRow {
  const [stored, again] = [Array.from(sent.content), Array.from(typed)]
  const isSame = stored.length === again.length && stored.every((character, i) => character === '*' || character === again[i])
  if (!isSame && !sent.removed) throw conflict('A message with this client_id was sent with another text.')
  return sent
}

/** Of a reader who blocks the writer it is not said that they do. */
function assertWritable(peer: Peer | undefined): void {
  if (peer?.blocked) throw forbidden('You have blocked this reader.')
  if (!peer || peer.gone || peer.blocks) throw forbidden('You cannot write to this reader.')
}
