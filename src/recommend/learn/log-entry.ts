// What the learner reads: pages as they were served, and what viewers did.

import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'

interface Entry {
  viewer: string | null
  /** False for anonymous viewers and new devices. */
  isKnown: boolean
  /** Milliseconds since 1970. */
  at: number
}

export interface ServedPage extends Entry {
  kind: 'page'
  id: PageId
  viewer: string
  channelId: ChannelId
  /** On a continuation, its cursor: the nextCursor of the page before. */
  continues: bigint | null
  nextCursor: bigint
  articleIds: ArticleId[]
}

export interface Behaviour extends Entry {
  kind: 'behaviour'
  action: string
  articleId: ArticleId
  /** The page that led to it. */
  pageId: PageId | null
  /** Of a reading, how long it took, if the client said so. */
  dwellMs: number | null
}

export type LogEntry = ServedPage | Behaviour
