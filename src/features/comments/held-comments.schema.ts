import { type Static, Type } from 'typebox'
import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import { Id } from '../../http/wire.ts'

export const HeldCommentItem = Type.Object({
  com_id: Id<CommentId>(),
  content: Type.String(),
  created_at: Type.String(),
  aut_id: Id<ReaderId>(),
  aut_name: Type.String(),
  art_id: Id<ArticleId>(),
  art_title: Type.String(),
  words: Type.Array(Type.String()),
})

export type HeldCommentItem = Static<typeof HeldCommentItem>
