import { type Static, Type } from 'typebox'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { Id } from '../../http/wire.ts'

export const PinnedItem = Type.Object({
  channel_id: Type.Integer(),
  article_id: Id<ArticleId>(),
  author_id: Id<ReaderId>(),
  title: Type.String(),
  /** False: readers do not see it, and so it is not shown. */
  published: Type.Boolean(),
})

export type PinnedItem = Static<typeof PinnedItem>
