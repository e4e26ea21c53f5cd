import { type Static, Type } from 'typebox'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { Count, Id } from '../../http/wire.ts'

export const ArticleDetail = Type.Object({
  art_id: Id<ArticleId>(),
  title: Type.String(),
  pubdate: Type.String(),
  content: Type.String(),
  aut_id: Id<ReaderId>(),
  aut_name: Type.String(),
  aut_photo: Type.String(),
  ch_id: Type.Integer(),
  is_followed: Type.Boolean(),
  attitude: Type.Integer(),
  is_collected: Type.Boolean(),
  recomments: Type.Array(Type.Object({ art_id: Id<ArticleId>(), title: Type.String() })),
  comm_count: Count(),
  like_count: Count(),
  read_count: Count(),
  collect_count: Count(),
})
export type ArticleDetail = Static<typeof ArticleDetail>
