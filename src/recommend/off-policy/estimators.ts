// The value of another policy, in clicks a page, from the pages of the log. Clicks on what the other policy would have shown elsewhere
// count by how much more or less it would have been looked at there (Li et al. 2018, with a click model of places; Dudík et al. 2011).
//
//   ips    the sum of clicks × weight: right where the log shows everything, too low where it does not
//   snips  divided by the mean weight: what the log does not show is taken to be like the rest
//   dr     what the clicks model expects, corrected by the clicks: what the log does not show is as the model expects

import { attentionOf, attractionOf } from './clicks-model.ts'
import { exposureOf } from './exposure.ts'
import type { ReplayedPage } from './replayed-page.ts'

/** Sums over pages. */
export interface Sums {
  pages: number
  clicks: number
  ips: number
  /** Of the weights, by attention; of a log that shows everything it is `exposure`. */
  weight: number
  /** Of each page's weight as a share of its exposure, and of the square of that. */
  share: number
  squaredShare: number
  /** How much of the other policy's pages is looked at, and how much of it the log could have shown. */
  exposure: number
  supported: number
  dr: number
}

export const noSums = (): Sums => ({ pages: 0, clicks: 0, ips: 0, weight: 0, share: 0, squaredShare: 0, exposure: 0, supported: 0, dr: 0 })

/** `inputs` are of all candidates of the page; `exploredRate` is how often what was drawn is clicked at the first place. */
export function addPage(
  sums: Sums,
  { page, logged, other, drawn, explorable }: ReplayedPage,
  inputs: Float64Array,
  weights: Float64Array,
  exploredRate: number,
): void {
  const candidates = page.ids.length
  const width = inputs.length / candidates
  const attention = (place: number) => attentionOf(weights, place)
  const before = exposureOf(logged, candidates, attention)
  const after = exposureOf(other, candidates, attention)
  const rate = (candidate: number) => attractionOf(weights, inputs, candidate * width, width)
  const isDrawnAnyway = drawn !== undefined && !other.order.slice(0, other.places).includes(drawn)

  sums.pages++
  sums.exposure += after.total
  sums.supported += before.explored > 0 ? after.explored : 0
  sums.dr += after.explored * exploredRate
  for (let candidate = 0; candidate < candidates; candidate++) {
    if (candidate === drawn && isDrawnAnyway) continue
    const value = after.each[candidate] as number
    if (value === 0) continue
    sums.dr += value * rate(candidate)
    if ((before.each[candidate] as number) > 0 || explorable[candidate]) sums.supported += value
  }
  let pageWeight = 0
  for (let place = 0; place < page.places; place++) {
    const clicked = page.clicked[place] as number
    sums.clicks += clicked
    const known = before.each[place] as number // on the page, candidates are numbered by place
    const weight = known > 0 ? (after.each[place] as number) / known : 0
    const expected = place === drawn && isDrawnAnyway ? exploredRate : rate(place)
    sums.ips += weight * clicked
    sums.dr += weight * (clicked - attention(place) * expected)
    pageWeight += weight * attention(place)
  }
  const share = after.total > 0 ? pageWeight / after.total : 0
  sums.weight += pageWeight
  sums.share += share
  sums.squaredShare += share * share
}

export interface Values {
  logged: number
  ips: number
  snips: number
  dr: number
}

export const valuesOf = ({ pages, clicks, ips, weight, exposure, dr }: Sums): Values => ({
  logged: clicks / pages,
  ips: ips / pages,
  snips: weight > 0 ? (ips / weight) * (exposure / pages) : 0,
  dr: dr / pages,
})
