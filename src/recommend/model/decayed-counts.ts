// Sums of events for each article, each sum with its own half-life. An entry is brought up to date when it is written or read.

import { createGrowable, type GrowableNumbers } from './growable.ts'
import { type Renumbering, renumberGrowable } from './renumbering.ts'

const HOUR_S = 3600
/** From the last minutes to the last days. Each is a small multiple of the one before, so that one exponential gives all. */
export const HALF_LIVES_H = [0.25, 0.5, 1, 3, 12, 48] as const
const COUNT = HALF_LIVES_H.length

export interface DecayedCounts {
  add(article: number, amount: number, at: number): void
  /** Writes the sums at a moment, one for each half-life. */
  read(article: number, at: number, into: Float64Array): void
  /** The moment of the last event in seconds; 0 if there was none. */
  lastAt(article: number): number
  renumber(articles: Renumbering): void
  /** For snapshots; not to be changed. */
  data: { sums: GrowableNumbers; times: GrowableNumbers }
}

export function createDecayedCounts(): DecayedCounts {
  const sums = createGrowable(COUNT)
  const times = createGrowable()
  const factors = new Float64Array(COUNT)

  return {
    add(article, amount, at) {
      sums.reach(article)
      times.reach(article)
      decayFactors(at - (times.values[article] as number), factors)
      for (let i = 0; i < COUNT; i++) {
        const place = article * COUNT + i
        sums.values[place] = (sums.values[place] as number) * (factors[i] as number) + amount
      }
      times.values[article] = at
    },
    read(article, at, into) {
      if (article >= times.values.length) return void into.fill(0)
      decayFactors(at - (times.values[article] as number), factors)
      for (let i = 0; i < COUNT; i++) into[i] = (sums.values[article * COUNT + i] ?? 0) * (factors[i] as number)
    },
    lastAt: article => times.values[article] ?? 0,
    renumber(articles) {
      renumberGrowable(sums, articles, COUNT)
      renumberGrowable(times, articles)
    },
    data: { sums, times },
  }
}

/** What is left of a sum after so many seconds. Events that come late are as old as the newest. */
function decayFactors(seconds: number, into: Float64Array): void {
  const slowest = 2 ** (-Math.max(0, seconds) / (48 * HOUR_S))
  const twelve = slowest * slowest * slowest * slowest
  const three = twelve * twelve * twelve * twelve
  const one = three * three * three
  const half = one * one
  into[0] = half * half
  into[1] = half
  into[2] = one
  into[3] = three
  into[4] = twelve
  into[5] = slowest
}
