import { Type } from 'typebox'
import { Count } from '../../http/wire.ts'
import { ProcessView } from './process.schema.ts'

export const QueriesView = Type.Object({
  process: ProcessView,
  /** Sent by the process: with the wait for a connection, and the way there and back. */
  own: Type.Array(
    Type.Object({ name: Type.String(), calls: Count(), total_ms: Type.Number(), mean_ms: Type.Number(), max_ms: Type.Number() }),
  ),
  /** Measured by PostgreSQL, of all processes. Null without the extension pg_stat_statements. */
  server: Type.Union([
    Type.Array(
      Type.Object({
        text: Type.String(),
        calls: Count(),
        rows: Count(),
        total_ms: Type.Number(),
        mean_ms: Type.Number(),
        max_ms: Type.Number(),
      }),
    ),
    Type.Null(),
  ]),
})
