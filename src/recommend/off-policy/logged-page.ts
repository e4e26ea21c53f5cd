// A page of the log as the evaluation of policies reads it: what was shown, what stood next in the ranking, with what factors and
// probability, and what was clicked. All of it was written when the page was served, so nothing in it knows the clicks.

import type { ArticleId } from '../../base/id.ts'
import { PROPENSITY_UNITS } from '../pages/page.ts'
import { type PackedExplanation, unpackExplanation } from '../pages/page-explanation.ts'
import { DEFAULTS } from '../policy/policy.ts'
import type { FactorName } from '../policy/policy-schema.ts'
import { EXPLORE_POSITION, PAGE_LENGTH_MIN } from '../select/exploration.ts'
import { SOURCE_NAMES } from '../sources/source-names.ts'

export const FACTORS = Object.keys(DEFAULTS.factors) as FactorName[]

export interface LoggedPage {
  viewer: string
  /** As a page has it: version and ranker. */
  policy: number
  /** So many candidates were on the page; the others are the runners-up. */
  places: number
  ids: ArticleId[]
  from: string[][]
  /** Of each candidate the values of FACTORS; NaN for those that its ranker does not have. */
  factors: Float32Array
  /** The place that may have gone to exploration: whether it did, and how probable what stands there was. Undefined if it could not. */
  exploration?: { isDrawn: boolean; probability: number }
  /** By place: 1 if it was clicked. */
  clicked: Uint8Array
}

export interface PageRow {
  viewer: string
  policy: number
  articleIds: ArticleId[]
  sources: number[]
  propensity: number[]
  why: PackedExplanation | null
}

const EXPLORE = SOURCE_NAMES.indexOf('explore')

/** Undefined if its ranking is not known: it is from before runners-up were stored, or shows again what was seen. */
export function toLoggedPage(row: PageRow, clickedIds: ReadonlySet<ArticleId>): LoggedPage | undefined {
  const explanation = row.why && unpackExplanation(row.why)
  if (!explanation?.runnersUp) return undefined
  const candidates = [...explanation.items, ...explanation.runnersUp]
  if (candidates.some(({ factors }) => Object.keys(factors).length === 0)) return undefined
  const factors = new Float32Array(candidates.length * FACTORS.length)
  for (const [c, candidate] of candidates.entries())
    for (const [f, name] of FACTORS.entries()) factors[c * FACTORS.length + f] = candidate.factors[name] ?? Number.NaN
  const places = row.articleIds.length
  const probability = (row.propensity[EXPLORE_POSITION] ?? PROPENSITY_UNITS) / PROPENSITY_UNITS
  const isDrawn = row.sources[EXPLORE_POSITION] === EXPLORE
  return {
    viewer: row.viewer,
    policy: row.policy,
    places,
    ids: [...row.articleIds, ...explanation.runnersUp.map(({ id }) => id)],
    from: candidates.map(({ from }) => from),
    factors,
    // One open candidate is drawn with certainty if each page explores.
    exploration: places >= PAGE_LENGTH_MIN && (isDrawn || probability < 1) ? { isDrawn, probability } : undefined,
    clicked: Uint8Array.from(row.articleIds, id => Number(clickedIds.has(id))),
  }
}
