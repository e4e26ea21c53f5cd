// Confirms to their senders that messages have come. Each once: the confirmation is pushed, too. Loaded with the socket.

import type { QueryClient } from '@tanstack/react-query'
import type { ChatList } from '../../../src/features/chat/chat.schema.ts'
import type { AsJson } from '../../shared/api/as-json.ts'
import { callApi } from '../../shared/api/client.ts'
import { unreadMessagesQuery } from './inbox-queries.ts'

export interface ChatPush {
  /** The other reader. Null: something may have been missed. */
  reader_id: string | null
  last_seq: number
  unread: number
}

const confirmed = new Map<string, number>()

export function confirmDelivery(viewer: string, { reader_id, last_seq, unread }: ChatPush): void {
  const chat = `${viewer} ${reader_id}`
  if (reader_id === null || unread === 0 || (confirmed.get(chat) ?? 0) >= last_seq) return
  confirmed.set(chat, last_seq)
  const sent = callApi(`chats/${reader_id}/receipts`, { generation: 'v1', method: 'POST', body: { delivered: last_seq } })
  sent.catch(() => confirmed.delete(chat))
}

/** What has come while no socket was open: the chats are looked at, the newest first, until a page of them has nothing unread. */
export async function confirmMissed(client: QueryClient, viewer: string): Promise<void> {
  if ((await client.fetchQuery(unreadMessagesQuery(viewer))) === 0) return
  let before = ''
  for (;;) {
    const { chats, next } = await callApi<AsJson<ChatList>>(`chats?limit=100${before}`, { generation: 'v1' })
    for (const { reader, last_seq, unread } of chats) confirmDelivery(viewer, { reader_id: reader.id, last_seq, unread })
    if (next === null || chats.every(({ unread }) => unread === 0)) return
    before = `&before=${next}`
  }
}
