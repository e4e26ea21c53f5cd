// The inputs of the ranker: the features in their forms, and the most telling of them times the circumstances. Circumstances are
// the same for all candidates, so alone they would rank nothing.

import { FEATURES, type FeatureGroup, groupOf } from './feature-names.ts'
import { expandForms, FORMS } from './within-impression.ts'

export interface Circumstances {
  /** Articles on the page, or in the impression that is learned from. */
  places: number
  isMobile: boolean
  /** Seconds since 1970. */
  at: number
  /** Whether the viewer has an article open beside. */
  hasContext: boolean
  /** Impressions of the viewer of late. */
  impressions: number
}

const CIRCUMSTANCES = ['places', 'mobile', 'hour_sin', 'hour_cos', 'context', 'activity'] as const

const CROSSED = [
  'clicks_1h',
  'clicks_3h',
  'clicks_12h',
  'lift_1h',
  'lift_3h',
  'lift_12h',
  'strength_0',
  'strength_1',
  'since_click',
  'age',
  'similar_48h',
  'similar_mean',
  'factor_match',
  'factor_taste',
  'times_shown',
  'shown_recently',
  'co_click_sum',
]
const crossedIndices = CROSSED.map(name => FEATURES.indexOf(name))

export interface Input {
  name: string
  group: FeatureGroup
}

export const INPUTS: readonly Input[] = [
  ...FEATURES.flatMap(name => ['', '_z', '_rank'].map(form => ({ name: name + form, group: groupOf(name) }))),
  ...CIRCUMSTANCES.flatMap(circumstance =>
    CROSSED.map(name => ({ name: `${name}_x_${circumstance}`, group: circumstance === 'activity' ? 'exposure' : groupOf(name) })),
  ),
]

/** Trees find out what belongs together: they get the features in their forms, and each circumstance as it is. */
export const TREE_INPUTS: readonly Input[] = [
  ...INPUTS.slice(0, FEATURES.length * FORMS),
  ...CIRCUMSTANCES.map(name => ({ name, group: name === 'activity' ? ('exposure' as const) : ('time' as const) })),
]

const WIDTH = INPUTS.length
const Z_FORM = 1 // the second form of a feature
const DAY_S = 86_400

/** Reads FEATURES.length numbers for each of `count` candidates and writes INPUTS.length. */
export function writeInputs(features: Float32Array, count: number, circumstances: Circumstances, into: Float32Array): void {
  const plain = FEATURES.length * FORMS
  expandForms(features, count, FEATURES.length, into, WIDTH)
  const values = valuesOf(circumstances)
  for (let i = 0; i < count; i++) {
    let place = i * WIDTH + plain
    for (const value of values) for (const f of crossedIndices) into[place++] = value * (into[i * WIDTH + f * FORMS + Z_FORM] as number)
  }
}

/** `inputs`: as `writeInputs` has written them. */
export function writeTreeInputs(inputs: Float32Array, count: number, circumstances: Circumstances, into: Float32Array): void {
  const plain = FEATURES.length * FORMS
  const values = valuesOf(circumstances)
  for (let i = 0; i < count; i++) {
    into.set(inputs.subarray(i * WIDTH, i * WIDTH + plain), i * TREE_INPUTS.length)
    into.set(values, i * TREE_INPUTS.length + plain)
  }
}

/** Each between about -1 and 1, and 0 for what is usual. */
function valuesOf({ places, isMobile, at, hasContext, impressions }: Circumstances): number[] {
  const angle = ((at % DAY_S) / DAY_S) * 2 * Math.PI
  return [
    Math.log(places / 10),
    isMobile ? 0.5 : -0.5,
    Math.sin(angle),
    Math.cos(angle),
    hasContext ? 0.5 : -0.5,
    Math.log1p(impressions) / 2 - 1,
  ]
}
