import { Type } from 'typebox'
import { Count } from '../../http/wire.ts'

const NumberOrNull = Type.Union([Type.Number(), Type.Null()])
const TextOrNull = Type.Union([Type.String(), Type.Null()])

/** `text`: the file, as JSON. */
export const PolicyView = Type.Object({ version: Count(), text: Type.String() })

export const PoliciesView = Type.Object({
  /** The one that ranks; version 0: the defaults. */
  live: PolicyView,
  /** What holds for what a policy leaves out. */
  defaults: Type.String(),
  /** Which ranked from when to when, the newest first. */
  uses: Type.Array(Type.Object({ version: Count(), name: TextOrNull, since: Type.String(), until: TextOrNull })),
  /** All that are stored, used or not, the newest first. `by`: who stored it; `used`: when it was put into use last. */
  stored: Type.Array(Type.Object({ version: Count(), name: TextOrNull, at: Type.String(), by: TextOrNull, used: TextOrNull })),
})

const Estimate = Type.Object({ value: Type.Number(), low: Type.Number(), high: Type.Number() })

/** What a policy would have been worth on the pages of the last days, in clicks a page (docs/evaluation.md). */
export const TriedView = Type.Object({
  /** Why there is no estimate. */
  refused: TextOrNull,
  pages: Count(),
  viewers: Count(),
  clicks: Count(),
  since: TextOrNull,
  /** Pages that say nothing about it. */
  left_out: Count(),
  support: NumberOrNull,
  effective_pages: NumberOrNull,
  /** What differs in the policy and is no part of the estimate. */
  not_estimated: Type.Array(Type.String()),
  values: Type.Union([Type.Object({ logged: Estimate, dr: Estimate, snips: Estimate, ips: Estimate, gain: Estimate }), Type.Null()]),
})
