// An article's strength: how much more it is clicked than what it was shown beside, learned from each impression. Two speeds: one
// follows the last hour, the other the day.

import { excessClicks } from './excess-clicks.ts'
import { createGrowable, type GrowableNumbers } from './growable.ts'
import { type Renumbering, renumberGrowable } from './renumbering.ts'

/** Steps, and what each impression takes from the strength. Measured: docs/recommender-model.md. */
const SPEEDS = [
  { step: 0.15, decay: 0.002 },
  { step: 0.5, decay: 0.01 },
] as const

export const STRENGTHS = SPEEDS.length

export interface Strengths {
  learn(articles: Int32Array, clicked: Uint8Array, attention?: readonly number[]): void
  of(article: number, speed: number): number
  renumber(articles: Renumbering): void
  data: GrowableNumbers[]
}

export function createStrengths(): Strengths {
  const strengths = SPEEDS.map(() => createGrowable())
  return {
    learn(articles, clicked, attention) {
      for (const [s, { step, decay }] of SPEEDS.entries()) {
        const strength = strengths[s] as (typeof strengths)[number]
        const excess = excessClicks(articles, clicked, article => strength.values[article] ?? 0, attention)
        if (!excess) return
        for (const [i, article] of articles.entries()) {
          strength.reach(article)
          strength.values[article] = (strength.values[article] as number) * (1 - decay) + step * (excess[i] as number)
        }
      }
    },
    of: (article, speed) => strengths[speed]?.values[article] ?? 0,
    renumber(articles) {
      for (const strength of strengths) renumberGrowable(strength, articles)
    },
    data: strengths,
  }
}
