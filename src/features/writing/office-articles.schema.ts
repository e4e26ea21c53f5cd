import { type Static, Type } from 'typebox'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { Count, Id, StringOrNull } from '../../http/wire.ts'

const item = {
  article_id: Id<ArticleId>(),
  title: Type.String(),
  name: Type.String(),
  channel_name: Type.String(),
  comment_count: Count(),
  update_time: Type.String(),
  status: Type.Integer(),
  author_id: Id<ReaderId>(),
  version: Type.String(),
  /** What may be decided now: `approve`, `reject`, `delete`, `ban`, `unban`. */
  actions: Type.Array(Type.String()),
}

export const OfficeArticleItem = Type.Object(item)

export const OfficeArticlePage = Type.Object({
  ...item,
  content: Type.String(),
  cover: Type.Object({ type: Type.Integer(), images: Type.Array(Type.String()) }),
  reject_reason: StringOrNull(),
  /** The sensitive words in it, for the editor to look at. */
  words: Type.Array(Type.String()),
  decisions: Type.Array(Type.Object({ at: Type.String(), reviewer: Type.String(), action: Type.String(), reason: StringOrNull() })),
})

export type OfficeArticleItem = Static<typeof OfficeArticleItem>
export type OfficeArticlePage = Static<typeof OfficeArticlePage>
