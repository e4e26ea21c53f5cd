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

/** A decision of an editor, as the author reads it. */
export const DecisionItem = Type.Object({
  article_id: Id<ArticleId>(),
  title: Type.String(),
  status: Type.Integer(),
  action: Type.String(),
  reason: StringOrNull(),
  at: Type.String(),
  /** 1 waiting, 2 granted, 3 turned down; null if there was no appeal. */
  appeal_status: Type.Union([Type.Integer(), Type.Null()]),
  appeal_answer: StringOrNull(),
})

export type DecisionItem = Static<typeof DecisionItem>

export type AppealItem = Static<typeof AppealItem>
