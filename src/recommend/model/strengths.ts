// An article's strength: how much more it is clicked than what it was shown beside, learned from each impression. Two speeds: one
// follows the last hour, the other the day.

import { createGrowable } from './growable.ts'

/** Steps, and what each impression takes from the strength. Measured: docs/recommender-model.md. */
const SPEEDS = [
  { step: 0.15, decay: 0.002 },
  { step: 0.5, decay: 0.01 },
] as const

export const STRENGTHS = SPEEDS.length

export interface Strengths {
  learn(articles: Int32Array, clicked: Uint8Array): void
  of(article: number, speed: number): number
}

export function createStrengths(): Strengths {
  const strengths = SPEEDS.map(() => createGrowable())
  return {
    learn(articles, clicked) {
      let clicks = 0
      for (const isClicked of clicked) clicks += isClicked
      if (clicks === 0) return
      for (const [s, { step, decay }] of SPEEDS.entries()) {
        const strength = strengths[s] as (typeof strengths)[number]
        let total = 0
        const shares = Float64Array.from(articles, article => {
          strength.reach(article)
          const share = Math.exp(strength.values[article] as number)
          total += share
          return share
        })
        for (const [i, article] of articles.entries()) {
          const expected = (clicks * (shares[i] as number)) / total
          const kept = (strength.values[article] as number) * (1 - decay)
          strength.values[article] = kept + step * ((clicked[i] as number) - expected)
        }
      }
    },
    of: (article, speed) => strengths[speed]?.values[article] ?? 0,
  }
}
