import { type Static, Type } from 'typebox'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { Count, Id, ZeroOrOne } from '../../http/wire.ts'

export const Card = Type.Object({
  art_id: Id<ArticleId>(),
  title: Type.String(),
  aut_id: Id<ReaderId>(),
  aut_name: Type.String(),
  pubdate: Type.String(),
  ch_id: Type.Integer(),
  cover: Type.Object({ type: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(3)]), images: Type.Array(Type.String()) }),
  is_top: ZeroOrOne(),
  comm_count: Count(),
  like_count: Count(),
  collect_count: Count(),
})
export type Card = Static<typeof Card>
