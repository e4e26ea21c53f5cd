import { Type } from 'typebox'
import { Count } from '../../http/wire.ts'

const Time = Type.String({ format: 'date-time' })

export const ConsumerView = Type.Object({
  name: Type.String(),
  log: Type.String(),
  /** Whether a worker runs it now. */
  running: Type.Boolean(),
  /** It makes its results from the rows and follows no changes yet. */
  building: Type.Boolean(),
  /** The transaction id below which everything is consumed. */
  offset: Type.String(),
  /** Rows of the log after the offset, 10,000 at most. */
  behind: Count(),
  lag_seconds: Type.Number(),
  /** Changes that failed and will be tried again. */
  retrying: Count(),
  /** Changes that wait for an administrator. */
  set_aside: Count(),
  seen_at: Time,
})

export const SetAsideView = Type.Object({
  id: Type.String(),
  consumer: Type.String(),
  log: Type.String(),
  change: Type.Record(Type.String(), Type.Unknown()),
  reason: Type.String(),
  attempts: Count(),
  since: Time,
  tried_at: Time,
  /** Null: it waits for an administrator. */
  next_at: Type.Union([Time, Type.Null()]),
})
