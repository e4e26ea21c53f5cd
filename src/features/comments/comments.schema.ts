import { type Static, Type } from 'typebox'
import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import { Count, Id, IdOrNull, ZeroOrOne } from '../../http/wire.ts'

export const Comment = Type.Object({
  com_id: Id<CommentId>(),
  aut_id: Id<ReaderId>(),
  aut_name: Type.String(),
  aut_photo: Type.String(),
  pubdate: Type.String(),
  content: Type.String(),
  is_top: ZeroOrOne(),
  like_count: Count(),
  reply_count: Count(),
  is_liking: Type.Boolean(),
  is_followed: Type.Boolean(),
})
export type Comment = Static<typeof Comment>

/** `last_id` is the `offset` of the next page. */
export const CommentPage = Type.Object({
  total_count: Count(),
  end_id: IdOrNull<CommentId>(),
  last_id: IdOrNull<CommentId>(),
  results: Type.Array(Comment),
})
export type CommentPage = Static<typeof CommentPage>

/** Clients insert `new_obj` at the top of their list. */
export const NewComment = Type.Object({
  com_id: Id<CommentId>(),
  target: Id(),
  art_id: Id<ArticleId>(),
  parent_id: IdOrNull<CommentId>(),
  new_obj: Comment,
  /** Ours: true if only its author sees it until an editor has approved it. */
  in_review: Type.Boolean(),
})
export type NewComment = Static<typeof NewComment>
