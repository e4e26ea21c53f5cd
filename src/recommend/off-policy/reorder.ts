// The order in which another policy would have ranked the candidates of a page.

import type { ArticleId } from '../../base/id.ts'
import type { ArticleFacts } from '../catalogue/catalogue.ts'
import { type Policy, sourceWeight } from '../policy/policy.ts'
import { diversify } from '../select/diversity.ts'
import { EXPLORE_POSITION } from '../select/exploration.ts'
import { FACTORS, type LoggedPage } from './logged-page.ts'

/** Of a factor that is nothing, so that its logarithm is a number: below all that a score tells apart. */
const LEAST = 1e-6

/** The logarithm of each candidate's score. */
export function logScores({ factors, from }: LoggedPage, policy: Policy): Float64Array {
  const weights = FACTORS.map(name => policy.factors[name])
  return Float64Array.from(from, (sources, c) => {
    let sum = Math.log(Math.max(LEAST, sourceWeight(policy, sources)))
    for (let f = 0; f < FACTORS.length; f++) {
      const value = factors[c * FACTORS.length + f] as number
      if (!Number.isNaN(value)) sum += (weights[f] as number) * Math.log(Math.max(LEAST, value))
    }
    return sum
  })
}

/** The candidate that was drawn, if one was. */
export const drawnOf = ({ exploration }: LoggedPage): number | undefined => (exploration?.isDrawn ? EXPLORE_POSITION : undefined)

/** The candidates as they were ranked: those of the page without the one that was drawn, then the runners-up. */
export function loggedOrder(page: LoggedPage): number[] {
  const drawn = drawnOf(page)
  return Array.from(page.ids.keys()).filter(candidate => candidate !== drawn)
}

type FactsOf = (id: ArticleId) => ArticleFacts | undefined

const LANGUAGE = FACTORS.indexOf('language')

/** What is in the viewer's language, then what is in the other: so `select` divides a ranking, whatever the policy. */
function divide(page: LoggedPage, order: readonly number[], rank: (part: number[]) => number[]): number[] {
  // Where no language was chosen, or none is stored, all is in front.
  const isBehind = (candidate: number) => (page.factors[candidate * FACTORS.length + LANGUAGE] as number) < 1
  return [...rank(order.filter(candidate => !isBehind(candidate))), ...rank(order.filter(isBehind))]
}

/**
 * The order under another policy, with the drawn one in it. If the scores and diversity of the logged policy give the order that was
 * served, those of the other one give its order. Else the page continues a ranking, or stands behind another page: what diversity cost a
 * candidate is not known then, but that it stood no higher than its place. So its score counts as no more than that of the one above
 * it, times what the other policy changes.
 */
export function reorder(page: LoggedPage, logged: Policy, other: Policy, factsOf: FactsOf): number[] {
  const [before, after] = [logScores(page, logged), logScores(page, other)]
  const order = loggedOrder(page)
  const drawn = drawnOf(page)
  const all = drawn === undefined ? order : [...order, drawn]
  const again = diverseOrder(page, order, before, logged, factsOf)
  const isReproduced = order.slice(0, page.places).every((candidate, place) => again[place] === candidate)
  if (isReproduced || !isSameDiversity(logged, other)) return diverseOrder(page, all, after, other, factsOf)
  const keys = new Float64Array(page.ids.length)
  return divide(page, all, part => {
    let least = Number.POSITIVE_INFINITY
    for (const candidate of part) {
      least = Math.min(least, before[candidate] as number)
      keys[candidate] = least + ((after[candidate] as number) - (before[candidate] as number))
    }
    return part.toSorted((a, b) => (keys[b] as number) - (keys[a] as number))
  })
}

function diverseOrder(page: LoggedPage, order: readonly number[], scores: Float64Array, { diversity }: Policy, factsOf: FactsOf): number[] {
  const scored = (candidate: number) => ({
    candidate,
    score: Math.exp(scores[candidate] as number),
    facts: factsOf(page.ids[candidate] as ArticleId),
  })
  type Scored = ReturnType<typeof scored>
  // An article that was withdrawn since shares nothing. In a channel of its own all share the channel, which changes no order.
  const by = [
    { keyOf: (one: Scored) => one.facts?.authorId ?? one, factor: diversity.author, previousKeys: [] },
    { keyOf: (one: Scored) => one.facts?.channelId ?? one, factor: diversity.channel, previousKeys: [] },
  ]
  return divide(page, order, part => {
    const ranked = part.map(scored).toSorted((a, b) => b.score - a.score)
    return diversify(ranked, { count: ranked.length, by }).map(({ candidate }) => candidate)
  })
}

const isSameDiversity = ({ diversity: a }: Policy, { diversity: b }: Policy) => a.author === b.author && a.channel === b.channel
