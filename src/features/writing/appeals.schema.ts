import { type Static, Type } from 'typebox'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { Id, StringOrNull } from '../../http/wire.ts'

export const AppealItem = Type.Object({
  id: Id<bigint>(),
  article_id: Id<ArticleId>(),
  title: Type.String(),
  status: Type.Integer(),
  author_id: Id<ReaderId>(),
  author_name: Type.String(),
  reason: Type.String(),
  decision: Type.String(),
  decision_reason: StringOrNull(),
  reviewer: Type.String(),
  at: Type.String(),
})

export type AppealItem = Static<typeof AppealItem>
