// Tells the sockets of this process that a chat has something new. Each process with sockets follows the events itself, so that
// a push depends on PostgreSQL alone. A push says "look"; a client that missed it asks for what comes after the last it has.

import { sql } from 'kysely'
import type { Change } from '../../base/change.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { createConsumer } from '../../engines/log/consumer.ts'
import type { LagMetric } from '../../engines/log/lag.ts'
import type { Position } from '../../engines/log/log-rows.sql.ts'
import { type ChatOf, listChatsLinkedTo, listReadersOf, listSides } from './sides.sql.ts'

export interface ChatPushNeeds {
  db: Db
  lags: LagMetric
  sockets: {
    has(id: ReaderId): boolean
    readers(): ReaderId[]
    push(id: ReaderId, event: string, payload: object): void
  }
}

interface EventRow extends Position {
  kind: string
  /** Who wrote, received or deleted. */
  actor_id: ReaderId
  target_id: bigint
}

/** Articles that change between two looks, and chats that link to them; beyond it all open pages look at their chats. */
const LINKED_MAX = 10_000

export async function createChatPusher({ db, lags, sockets }: ChatPushNeeds) {
  const changed = new Set<ArticleId>()

  /** Something may have been missed, in any chat. */
  const tellAll = () => sockets.readers().forEach(id => sockets.push(id, 'chat', { reader_id: null }))

  async function push(chats: ChatOf[]): Promise<void> {
    const open = chats.filter(({ reader_id }) => sockets.has(reader_id))
    if (open.length === 0) return
    for (const side of await listSides(db, open))
      sockets.push(side.reader_id, 'chat', {
        reader_id: side.peer_id.toString(),
        last_seq: side.last_seq,
        unread: side.unread,
        delivered_up_to: side.delivered_seq,
        read_up_to: side.read_seq,
      })
  }

  const consumer = await createConsumer<EventRow>({
    db,
    log: 'event',
    name: 'push-chats',
    columns: sql`kind, actor_id, target_id`,
    async onRows(rows) {
      const chatsOf = (wanted: string) => rows.filter(({ kind }) => kind === wanted).map(row => row.target_id)
      const [messages, receipts] = [chatsOf('message'), chatsOf('receipt')]
      const told = messages.length + receipts.length > 0 ? await listReadersOf(db, messages, receipts) : []
      // What a reader has read or deleted is told to their other pages in any case.
      const own = rows.filter(({ kind }) => kind === 'receipt' || kind === 'forgotten')
      await push([...told, ...own.map(row => ({ chat_id: row.target_id, reader_id: row.actor_id }))])
    },
    onGap: tellAll,
    lags,
  })

  /** A message shows the title of the article that it links to, while readers may see the article. */
  async function pushLinked(articles: ArticleId[]): Promise<void> {
    const readers = articles.length > 0 ? sockets.readers() : []
    if (readers.length === 0) return
    const chats = articles.length < LINKED_MAX ? await listChatsLinkedTo(db, articles, readers, LINKED_MAX) : undefined
    if (chats && chats.length < LINKED_MAX) await push(chats)
    else tellAll()
  }

  return {
    async run(): Promise<void> {
      await consumer.catchUp()
      const articles = [...changed]
      changed.clear()
      try {
        await pushLinked(articles)
      } catch (err) {
        for (const id of articles) changed.add(id)
        throw err
      }
    },
    applyChanges(changes: readonly Change[]): void {
      for (const { topic, key } of changes) if (topic === 'article' && changed.size < LINKED_MAX) changed.add(key as ArticleId)
    },
    tellAll,
  }
}
