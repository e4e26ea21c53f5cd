// Simulated viewers of an experiment: how many pages each has on a day, and how many of them they click. A viewer who clicks much
// today does so tomorrow.

import { createSeededRandom, type Random } from '../../base/seeded-random.ts'
import type { Sums } from './sequential-test.ts'

export interface Population {
  viewers: number
  days: number
  /** Of the viewers, in the treatment; the others are in the control. */
  share: number
  /** Clicks a page of a mean viewer, and the standard deviation of its logarithm over viewers. */
  rate: number
  spread: number
  /** What the treatment multiplies the rate with. */
  effect?: number
  /** Each viewer comes on one day only. */
  isOnce?: boolean
}

/** Control and treatment at the end of each day, everything since the first one added up. */
export function simulateDays(seed: number, population: Population): [Sums, Sums][] {
  const { viewers, days, share, rate, spread, effect = 1, isOnce = false } = population
  const random = createSeededRandom('viewers', seed)
  const all = Array.from({ length: viewers }, (_, i) => ({
    arm: Number(random.chance(share)),
    rate: rate * Math.exp(spread * random.normal() - spread ** 2 / 2),
    pages: Math.min(20, Math.exp(random.normal())),
    day: i % days,
    n: 0,
    x: 0,
  }))
  return Array.from({ length: days }, (_, day) => {
    for (const viewer of all) {
      if (isOnce && viewer.day !== day) continue
      const n = poisson(random, viewer.pages)
      viewer.n += n
      viewer.x += poisson(random, n * viewer.rate * (viewer.arm === 1 ? effect : 1))
    }
    return [0, 1].map(arm => sumsOf(all.filter(viewer => viewer.arm === arm))) as [Sums, Sums]
  })
}

export function sumsOf(viewers: readonly { n: number; x: number }[]): Sums {
  const sums = { viewers: 0, n: 0, x: 0, nn: 0, nx: 0, xx: 0 }
  for (const { n, x } of viewers) {
    if (n === 0) continue
    sums.viewers++
    sums.n += n
    sums.x += x
    sums.nn += n * n
    sums.nx += n * x
    sums.xx += x * x
  }
  return sums
}

function poisson(random: Random, mean: number): number {
  let [count, probability, left] = [0, Math.exp(-mean), random.next()]
  for (; left > probability && count < 1_000; left -= probability, probability *= mean / count) count++
  return count
}
