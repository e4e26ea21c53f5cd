import { Type } from 'typebox'
import { Count, StringOrNull } from '../../http/wire.ts'

const TimeOrNull = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
export const JobView = Type.Object({
  name: Type.String(),
  about: Type.String(),
  schedule: Type.String(),
  own_schedule: Type.String(),
  overlap: Type.String(),
  catch_up: Type.String(),
  paused: Type.Boolean(),
  removed: Type.Boolean(),
  next_slot: TimeOrNull,
  last_slot: TimeOrNull,
  last_outcome: StringOrNull(),
  last_success_at: TimeOrNull,
  waiting: Count(),
  running: Count(),
  missed: Count(),
})

export const RunView = Type.Object({
  job: Type.String(),
  slot: Type.String({ format: 'date-time' }),
  asked: Type.Boolean(),
  state: Type.String(),
  outcome: StringOrNull(),
  attempt: Count(),
  fence: StringOrNull(),
  started_at: TimeOrNull,
  ended_at: TimeOrNull,
  message: StringOrNull(),
  report: Type.Unknown(),
})
