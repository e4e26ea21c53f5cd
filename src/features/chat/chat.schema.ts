import { type Static, Type } from 'typebox'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { Count, Id, IdOrNull, OrNull, TypedText } from '../../http/wire.ts'

/** The limit of the column: a screen of a phone. */
export const MESSAGE_MAX = 2_000

export const ChatMessage = Type.Object({
  /** Orders the messages of a chat, for both readers alike. Numbers may be missing: deleted messages are not listed. */
  seq: Type.Integer(),
  id: Id(),
  sender_id: Id<ReaderId>(),
  /** The sender's name for it. */
  client_id: Type.String(),
  text: Type.String(),
  /** Taken away by an editor; the text is then empty. */
  is_removed: Type.Boolean(),
  at: Type.String(),
  /** What the text links to, while readers may see it. */
  article: OrNull(Type.Object({ id: Id<ArticleId>(), title: Type.String() })),
})
export type ChatMessage = Static<typeof ChatMessage>

const Receipt = OrNull(Count())
const Peer = Type.Object({ id: Id<ReaderId>(), name: Type.String(), photo: Type.String() })

const state = {
  reader: Peer,
  last_seq: Count(),
  /** 99 stands for 99 and more. */
  unread: Count(),
  /** The other reader's client knows of every message up to here, and they have read up to here. Null while one blocks the other. */
  delivered_up_to: Receipt,
  read_up_to: Receipt,
  /** Whether the reader blocks the other one. */
  is_blocked: Type.Boolean(),
  can_write: Type.Boolean(),
}
export const ChatState = Type.Object(state)
export type ChatState = Static<typeof ChatState>

/** `next`: for the page after this one, in `before`. */
export const ChatList = Type.Object({
  chats: Type.Array(Type.Object({ ...state, last: OrNull(ChatMessage) })),
  next: IdOrNull(),
  unread: Count(),
})
export type ChatList = Static<typeof ChatList>

export const MessageList = Type.Object({ ...state, messages: Type.Array(ChatMessage) })
export type MessageList = Static<typeof MessageList>

export const MessageBody = Type.Object({ client_id: Type.String({ pattern: '^[!-~]{1,64}$' }), text: TypedText(MESSAGE_MAX) })
