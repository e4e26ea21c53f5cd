import { type Static, Type } from 'typebox'
import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import { Count, Id, OrNull } from '../../http/wire.ts'

export const NoticeKindSchema = Type.Union([
  Type.Literal('like'),
  Type.Literal('follow'),
  Type.Literal('comment'),
  Type.Literal('reply'),
  Type.Literal('comment-like'),
  Type.Literal('article'),
])

export const NoticeActor = Type.Object({ id: Id<ReaderId>(), name: Type.String(), photo: Type.String() })

const about = {
  id: Id(),
  kind: NoticeKindSchema,
  /** Null if it is gone. */
  article: OrNull(Type.Object({ id: Id<ArticleId>(), title: Type.String() })),
  /** Null if it is gone, or the notice is not about a comment. The content is its beginning. */
  comment: OrNull(Type.Object({ id: Id<CommentId>(), content: Type.String() })),
  at: Type.String(),
  is_read: Type.Boolean(),
}

export const NoticeView = Type.Object({ ...about, actor: OrNull(NoticeActor) })
export type NoticeView = Static<typeof NoticeView>

/** Notices that lists show as one: "A and 12 others liked …". The id is that of the newest. */
export const NoticeGroup = Type.Object({ ...about, actors: Type.Array(NoticeActor), count: Count() })
export type NoticeGroup = Static<typeof NoticeGroup>

export const NoticeList = Type.Object({ notices: Type.Array(NoticeView), unread: Count() })
export const NoticeGroupList = Type.Object({ groups: Type.Array(NoticeGroup), unread: Count() })
export type NoticeGroupList = Static<typeof NoticeGroupList>
export const Unread = Type.Object({ unread: Count() })
export type Unread = Static<typeof Unread>

const Minute = Type.Union([Type.Integer({ minimum: 0, maximum: 1_439 }), Type.Null()])
const settings = {
  /** Kinds of which no notices are made. */
  muted: Type.Array(NoticeKindSchema, { maxItems: 6 }),
  /** Minutes of the day between which nothing is pushed. */
  quiet_from: Minute,
  quiet_to: Minute,
  /** Whether others may see that the reader is online. */
  presence: Type.Boolean(),
}
export const NoticeSettings = Type.Object(settings)
export type NoticeSettings = Static<typeof NoticeSettings>
export const NoticeSettingsPatch = Type.Partial(NoticeSettings)
