import { type Static, Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { Count, Id } from '../../http/wire.ts'

export const Kind = Type.Union([Type.Literal('article'), Type.Literal('comment'), Type.Literal('message')])

export const ReportedItem = Type.Object({
  kind: Kind,
  target_id: Id<bigint>(),
  text: Type.String(),
  author_id: Id<ReaderId>(),
  author_name: Type.String(),
  reports: Count(),
  types: Type.Array(Type.Integer()),
  remarks: Type.Array(Type.String()),
  first_at: Type.String(),
})

export type ReportedItem = Static<typeof ReportedItem>
