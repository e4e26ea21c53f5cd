// How much each candidate of a page is looked at under a policy: the attention of its place, by the probability of the place.

import { EXPLORE_POSITION } from '../select/exploration.ts'

export interface PageOdds {
  /** Candidates in order, without the drawn one unless the policy ranks it. */
  order: readonly number[]
  places: number
  /** Of exploration, if there is something to explore. */
  share: number
  /** The drawn candidate, and its probability if something is drawn. */
  drawn?: number
  drawnProbability: number
}

export interface Exposure {
  /** By candidate. */
  each: Float64Array
  /** Of what is drawn, whatever it is. */
  explored: number
  total: number
}

export function exposureOf(
  { order, places, share, drawn, drawnProbability }: PageOdds,
  candidates: number,
  attention: (place: number) => number,
): Exposure {
  const each = new Float64Array(candidates)
  let total = 0
  const add = (candidate: number, value: number) => {
    each[candidate] = (each[candidate] as number) + value
    total += value
  }
  for (let place = 0; place < Math.min(places, order.length); place++) {
    const candidate = order[place] as number
    if (place < EXPLORE_POSITION) add(candidate, attention(place))
    else add(candidate, (1 - share) * attention(place) + (place + 1 < places ? share * attention(place + 1) : 0))
  }
  const explored = share * attention(EXPLORE_POSITION)
  if (drawn !== undefined && each[drawn] === 0) each[drawn] = explored * drawnProbability
  return { each, explored, total: total + explored }
}
