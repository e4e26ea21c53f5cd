import { type Static, Type } from 'typebox'
import { Count, Optional } from '../../http/wire.ts'
import { Card } from '../cards/cards.schema.ts'

const Trace = Type.Object({ click: Type.String(), collect: Type.String(), share: Type.String(), read: Type.String() })
/** Only with `explain=1`. */
const Why = Type.Object({ sources: Type.Array(Type.String()), factors: Type.Record(Type.String(), Type.Number()) })
export const Page = Type.Object({
  // Some clients stop at a falsy pre_timestamp, others at an empty list: the two always come together.
  pre_timestamp: Type.Union([Type.Integer(), Type.Null()]),
  /** `dek`: only with `dek=1`, of long texts. */
  results: Type.Array(Type.Object({ ...Card.properties, trace: Trace, dek: Optional(Type.String()), why: Optional(Why) })),
  funnel: Optional(Type.Array(Type.Object({ step: Type.String(), left: Count() }))),
})
export type Page = Static<typeof Page>
