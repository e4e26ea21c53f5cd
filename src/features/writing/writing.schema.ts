import { type Static, Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { PagedSchema } from '../../http/paging.ts'
import { Count, Id, StringOrNull } from '../../http/wire.ts'

const Cover = Type.Object({ type: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(3)]), images: Type.Array(Type.String()) })

/** An article in its author's list. Clients of all generations get every field. */
export const OwnArticleItem = Type.Object({
  id: Id<ArticleId>(),
  title: Type.String(),
  /** 0 draft, 1 in review, 2 published, 3 rejected. */
  status: Type.Integer(),
  cover: Cover,
  channel_id: Type.Integer(),
  pubdate: Type.String(),
  /** When the author wishes it to be published, if that was later than the approval. */
  publish_at: StringOrNull(),
  reject_reason: StringOrNull(),
  comment_status: Type.Boolean(),
  total_comment_count: Count(),
  fans_comment_count: Count(),
  comment_count: Count(),
  read_count: Count(),
  like_count: Count(),
  repost_count: Count(),
  collect_count: Count(),
})
export type OwnArticleItem = Static<typeof OwnArticleItem>

export const OwnArticlePage = PagedSchema(OwnArticleItem)

/** An article as its author edits it. The contract answers `{}` for one that is not the author's. */
export const EditableArticle = Type.Partial(
  Type.Object({
    id: Id<ArticleId>(),
    title: Type.String(),
    content: Type.String(),
    cover: Cover,
    channel_id: Type.Integer(),
    pubdate: Type.String(),
    status: Type.Integer(),
    publish_at: StringOrNull(),
    reject_reason: StringOrNull(),
    /** Our addition, as in `SavedArticle`: to be given with an edit, which is refused if the article is not the same any more. */
    version: Type.String(),
  }),
)
export type EditableArticle = Static<typeof EditableArticle>

/** `similar`: articles whose text is nearly the same. A warning only. */
export const SavedArticle = Type.Object({
  id: Id<ArticleId>(),
  version: Type.String(),
  similar: Type.Array(Type.Object({ id: Id<ArticleId>(), title: Type.String() })),
})
