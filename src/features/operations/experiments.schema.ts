import { Type } from 'typebox'
import { Count } from '../../http/wire.ts'

const NumberOrNull = Type.Union([Type.Number(), Type.Null()])
const TextOrNull = Type.Union([Type.String(), Type.Null()])
const OneOf = <const Names extends readonly string[]>(names: Names) => Type.Unsafe<Names[number]>({ type: 'string', enum: names })

const ArmView = Type.Object({
  /** Known viewers with a page. */
  viewers: Count(),
  pages: Count(),
  /** Clicks and complaints a page, failed and slow rankings a ranking, different authors a place of a page. Null without any. */
  rates: Type.Object({
    clicks: NumberOrNull,
    failures: NumberOrNull,
    slowness: NumberOrNull,
    complaints: NumberOrNull,
    diversity: NumberOrNull,
    /** Clicks a page on the days before it began. */
    before: NumberOrNull,
  }),
})
const ArmOrNull = Type.Union([ArmView, Type.Null()])

export const ExperimentItem = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** `model`: one of the night, on trial. */
  kind: OneOf(['policy', 'model']),
  /** Versions; 0: the defaults. Null if a model is on trial. */
  control_policy: NumberOrNull,
  treatment_policy: NumberOrNull,
  /** Of all viewers. */
  treatment_share: Type.Number(),
  /** The chance that equal arms are ever called different. */
  error: Type.Number(),
  state: OneOf(['running', 'ended']),
  started_at: Type.String(),
  ends_at: TextOrNull,
  ended_at: TextOrNull,
  counted_at: TextOrNull,
  verdict: Type.Union([OneOf(['refused', 'harmful', 'better', 'worse', 'unknown', 'too-few']), Type.Null()]),
  reason: Type.String(),
  arms: Type.Object({ control: ArmOrNull, treatment: ArmOrNull }),
  /** Of clicks a page: treatment minus control, and between which limits it is at all times. */
  difference: Type.Union([Type.Object({ value: Type.Number(), low: Type.Number(), high: Type.Number() }), Type.Null()]),
})
