// Rows as readers see them.

import type { ReaderId } from '../../base/id.ts'
import type { ChatMessage, ChatState } from './chat.schema.ts'
import type { MessageRow, Peer } from './messages.sql.ts'
import type { SideRow } from './sides.sql.ts'

export function createChatViews(photoUrl: (id: ReaderId, photo: string | null) => string) {
  const toMessage = (row: MessageRow): ChatMessage => ({
    seq: row.seq,
    id: row.id,
    sender_id: row.sender_id,
    client_id: row.client_id,
    text: row.content,
    is_removed: row.removed,
    at: row.at.toISOString(),
    article: row.article_id === null ? null : { id: row.article_id, title: row.article_title ?? '' },
  })

  const toState = (peer: Peer, side: SideRow | undefined): ChatState => ({
    reader: { id: peer.id, name: peer.name, photo: photoUrl(peer.id, peer.photo) },
    last_seq: side?.last_seq ?? 0,
    unread: side?.unread ?? 0,
    delivered_up_to: side ? side.delivered_seq : 0,
    read_up_to: side ? side.read_seq : 0,
    is_blocked: peer.blocked,
    can_write: !peer.gone && !peer.blocks && !peer.blocked,
  })

  return { toMessage, toState }
}
