// Tells the sockets of this process that a chat has something new. Each process with sockets follows the events itself, so that
// a push depends on PostgreSQL alone. A push says "look"; a client that missed it asks for what comes after the last it has.

import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { type Consumer, createConsumer } from '../../engines/log/consumer.ts'
import type { LagMetric } from '../../engines/log/lag.ts'
import type { Position } from '../../engines/log/log-rows.sql.ts'
import { listReadersOf, listSides } from './sides.sql.ts'

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
  target_id: bigint
}

export function createChatPusher({ db, lags, sockets }: ChatPushNeeds): Promise<Consumer> {
  async function pushRows(rows: EventRow[]): Promise<void> {
    const ids = [...new Set(rows.filter(({ kind }) => kind === 'message' || kind === 'receipt').map(row => row.target_id))]
    if (ids.length === 0) return
    const readers = (await listReadersOf(db, ids)).filter(row => sockets.has(row.reader_id))
    if (readers.length === 0) return
    const chatIds = [...new Set(readers.map(row => row.chat_id))]
    for (const side of await listSides(db, chatIds, [...new Set(readers.map(row => row.reader_id))]))
      sockets.push(side.reader_id, 'chat', {
        reader_id: side.peer_id.toString(),
        last_seq: side.last_seq,
        unread: side.unread,
        delivered_up_to: side.delivered_seq,
        read_up_to: side.read_seq,
      })
  }

  return createConsumer<EventRow>({
    db,
    log: 'event',
    name: 'push-chats',
    columns: sql`kind, target_id`,
    onRows: pushRows,
    // Something may have been missed, in any chat.
    onGap: () => sockets.readers().forEach(id => sockets.push(id, 'chat', { reader_id: null })),
    lags,
  })
}
