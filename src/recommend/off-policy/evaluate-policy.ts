// What another policy would have been worth on the pages of the log, with intervals; or why the log does not say.
// docs/evaluation.md explains it.

import type { ArticleId } from '../../base/id.ts'
import type { ArticleFacts } from '../catalogue/catalogue.ts'
import { choleskySolve } from '../factors/cholesky.ts'
import { type Policy, splitPolicyNumber } from '../policy/policy.ts'
import { EXPLORE_POSITION } from '../select/exploration.ts'
import { bootstrap, type Interval } from './bootstrap.ts'
import { addExample, attentionOf, type ClickExamples, fitClicks } from './clicks-model.ts'
import { addPage, noSums, type Sums, type Values, valuesOf } from './estimators.ts'
import { INPUTS, inputsOf, standardise } from './inputs.ts'
import { findLeak } from './leaks.ts'
import type { LoggedPage } from './logged-page.ts'
import { logScores } from './reorder.ts'
import { type LeftOut, type ReplayedPage, replayPage } from './replayed-page.ts'

export interface OffPolicyNeeds {
  pages: readonly LoggedPage[]
  /** The policy of a page; undefined if it is not known. */
  policyOf: (version: number) => Policy | undefined
  other: Policy
  factsOf: (id: ArticleId) => ArticleFacts | undefined
}

export interface OffPolicyReport {
  /** Why there is no estimate. */
  refused?: string
  pages: number
  viewers: number
  clicks: number
  /** Pages that say nothing about the policy. */
  left_out: Partial<Record<LeftOut, number>>
  /** Clicks a page. `gain`: of `dr` over `logged`. */
  values?: Record<keyof Values | 'gain', Interval>
  /** As many pages of the other policy's own would say as much. */
  effective_pages?: number
  /** Of what the other policy's readers would look at, the share that the log could have shown. */
  support?: number
}

/** With fewer, intervals by resampling viewers are too narrow, and the clicks model knows nothing. */
const [PAGES_MIN, VIEWERS_MIN, CLICKS_MIN] = [200, 30, 100]
const EFFECTIVE_MIN = 100
/** Below, most of the estimate would be what a model makes of articles that no viewer was shown. */
const SUPPORT_MIN = 0.5
const STEP = 1e-4

export function evaluatePolicy({ pages: all, policyOf, other, factsOf }: OffPolicyNeeds): OffPolicyReport {
  const left_out: OffPolicyReport['left_out'] = {}
  const replayed: ReplayedPage[] = []
  for (const page of all) {
    const one = replayPage(page, policyOf(splitPolicyNumber(page.policy).version), other, factsOf)
    if (typeof one === 'string') left_out[one] = (left_out[one] ?? 0) + 1
    else replayed.push(one)
  }
  const pages = replayed.map(({ page }) => page)
  const viewers = [...new Set(pages.map(({ viewer }) => viewer))]
  const clicks = pages.reduce((sum, { clicked }) => sum + clicked.reduce((a, b) => a + b, 0), 0)
  const report: OffPolicyReport = { pages: pages.length, viewers: viewers.length, clicks, left_out }
  if (pages.length < PAGES_MIN || viewers.length < VIEWERS_MIN || clicks < CLICKS_MIN) {
    const least = `${PAGES_MIN} pages, ${VIEWERS_MIN} viewers and ${CLICKS_MIN} clicks`
    return {
      ...report,
      refused: `too little to tell: ${pages.length} pages of ${viewers.length} viewers with ${clicks} clicks; at least ${least}`,
    }
  }
  const leak = findLeak(pages, { 'the score of the policy': page => logScores(page, other) })
  if (leak) {
    const share = `${(100 * leak.share).toFixed(0)} %`
    return {
      ...report,
      refused: `${leak.name} knows the clicks: on ${share} of comparisons it tells the clicked article from another; nothing that was known before them does`,
    }
  }

  const loggedOf = ({ page }: ReplayedPage) => policyOf(splitPolicyNumber(page.policy).version) as Policy
  const inputs = replayed.map(one => inputsOf(one.page, loggedOf(one)))
  standardise(inputs)
  const { examples, first } = examplesOf(replayed, inputs)
  const { weights, information } = fitClicks(examples)

  const exploredRate = exploredRateOf(replayed, weights)
  const sumsOf = (at: Float64Array) => {
    const byViewer = new Map<string, Sums>(viewers.map(viewer => [viewer, noSums()]))
    for (const [i, one] of replayed.entries())
      addPage(byViewer.get(one.page.viewer) as Sums, one, inputs[i] as Float64Array, at, exploredRate)
    return [...byViewer.values()]
  }
  const sums = sumsOf(weights)
  const total = addUp(sums)
  const effective_pages = total.squaredShare > 0 ? total.share ** 2 / total.squaredShare : 0
  const support = total.supported / total.exposure
  const known = { ...report, effective_pages: Math.round(effective_pages), support: Number(support.toFixed(3)) }
  if (support < SUPPORT_MIN)
    return {
      ...known,
      refused: `the log does not show what the policy would: only ${(100 * support).toFixed(0)} % of it could have been on its pages`,
    }
  if (effective_pages < EFFECTIVE_MIN)
    return {
      ...known,
      refused: `the log says too little about the policy: as much as ${Math.round(effective_pages)} pages of its own would`,
    }

  // The weights of the clicks model are estimates too: by how much each viewer moves them, they move the values.
  const nudges = nudgesOf(weights, information, at => valuesOf(addUp(sumsOf(at))))
  const moved = movesOf(replayed, examples, first, weights, viewers, nudges)
  return { ...known, values: bootstrap(sums, moved) }
}

function addUp(sums: readonly Sums[]): Sums {
  const total = noSums()
  for (const each of sums) for (const name of Object.keys(total) as (keyof Sums)[]) total[name] += each[name]
  return total
}

/** What was shown, as examples; those of page i begin at `first[i]`. */
function examplesOf(replayed: readonly ReplayedPage[], inputs: readonly Float64Array[]): { examples: ClickExamples; first: Int32Array } {
  const first = new Int32Array(replayed.length + 1)
  for (const [i, { page }] of replayed.entries()) first[i + 1] = (first[i] as number) + page.places
  const count = first[replayed.length] as number
  const examples = { places: new Int32Array(count), inputs: new Float64Array(count * INPUTS), clicked: new Uint8Array(count) }
  for (const [i, { page }] of replayed.entries()) {
    const from = first[i] as number
    examples.inputs.set((inputs[i] as Float64Array).subarray(0, page.places * INPUTS), from * INPUTS)
    examples.clicked.set(page.clicked, from)
    for (let place = 0; place < page.places; place++) examples.places[from + place] = place
  }
  return { examples, first }
}

/** How often what was drawn was clicked, at the first place. */
function exploredRateOf(replayed: readonly ReplayedPage[], weights: Float64Array): number {
  let [shown, clicked] = [0, 0]
  for (const { page, drawn } of replayed) {
    if (drawn === undefined) continue
    shown += attentionOf(weights, EXPLORE_POSITION)
    clicked += page.clicked[drawn] as number
  }
  return shown > 0 ? clicked / shown : Math.exp(weights[0] as number)
}

/** For each value, how it answers to the gradient of the clicks model. */
function nudgesOf(weights: Float64Array, information: Float64Array, valuesAt: (weights: Float64Array) => Values) {
  const base = valuesAt(weights)
  const names = Object.keys(base) as (keyof Values)[]
  const slopes = Object.fromEntries(names.map(name => [name, new Float64Array(weights.length)])) as Record<keyof Values, Float64Array>
  for (let i = 0; i < weights.length; i++) {
    const changed = weights.slice()
    changed[i] = (changed[i] as number) + STEP
    const values = valuesAt(changed)
    for (const name of names) slopes[name][i] = (values[name] - base[name]) / STEP
  }
  for (const name of names) choleskySolve(information.slice(), slopes[name], weights.length)
  return slopes
}

/** By how much each viewer moves each value through the clicks model. */
function movesOf(
  replayed: readonly ReplayedPage[],
  examples: ClickExamples,
  first: Int32Array,
  weights: Float64Array,
  viewers: readonly string[],
  nudges: Record<keyof Values, Float64Array>,
): Values[] {
  const gradients = new Map(viewers.map(viewer => [viewer, new Float64Array(weights.length)]))
  for (const [i, { page }] of replayed.entries())
    for (let e = first[i] as number; e < (first[i + 1] as number); e++)
      addExample(weights, examples, e, INPUTS, gradients.get(page.viewer) as Float64Array)
  const along = (slope: Float64Array, gradient: Float64Array) => slope.reduce((sum, value, i) => sum + value * (gradient[i] as number), 0)
  // Their sum is what the ridge holds against, which is the same for all resamples.
  const mean = new Float64Array(weights.length)
  for (const gradient of gradients.values())
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (gradient[i] as number) / viewers.length
  return Array.from(gradients.values(), gradient => {
    const own = gradient.map((value, i) => value - (mean[i] as number))
    return { logged: 0, ips: along(nudges.ips, own), snips: along(nudges.snips, own), dr: along(nudges.dr, own) }
  })
}
