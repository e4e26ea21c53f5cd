// Intervals by resampling viewers with all their pages: the clicks of one viewer are not independent.

import { createSeededRandom } from '../../base/seeded-random.ts'
import { noSums, type Sums, type Values, valuesOf } from './estimators.ts'

export interface Interval {
  value: number
  /** 95 of 100 times the true value is between these. */
  ci95: [number, number]
}

const RESAMPLES = 500
const DIGITS = 4

/** `moves`: what each viewer adds to the values through the clicks model. */
export function bootstrap(sums: readonly Sums[], moves: readonly Values[]): Record<keyof Values | 'gain', Interval> {
  const random = createSeededRandom('off-policy')
  const names = Object.keys(noSums()) as (keyof Sums)[]
  const withGain = (values: Values) => ({ ...values, gain: values.dr - values.logged })
  const drawn: ReturnType<typeof withGain>[] = []
  const estimate = (pick: (i: number) => number) => {
    const total = noSums()
    const moved: Values = { logged: 0, ips: 0, snips: 0, dr: 0 }
    for (let i = 0; i < sums.length; i++) {
      const viewer = pick(i)
      const [one, move] = [sums[viewer] as Sums, moves[viewer] as Values]
      for (const name of names) total[name] += one[name]
      for (const name of Object.keys(moved) as (keyof Values)[]) moved[name] += move[name]
    }
    const values = valuesOf(total)
    for (const name of Object.keys(moved) as (keyof Values)[]) values[name] += moved[name]
    return withGain(values)
  }
  for (let i = 0; i < RESAMPLES; i++) drawn.push(estimate(() => random.int(0, sums.length - 1)))
  const point = estimate(i => i)
  const intervalOf = (name: keyof typeof point): Interval => {
    const sorted = drawn.map(values => values[name]).toSorted((a, b) => a - b)
    const at = (share: number) => rounded(sorted[Math.round(share * (RESAMPLES - 1))] as number)
    return { value: rounded(point[name]), ci95: [at(0.025), at(0.975)] }
  }
  return {
    logged: intervalOf('logged'),
    ips: intervalOf('ips'),
    snips: intervalOf('snips'),
    dr: intervalOf('dr'),
    gain: intervalOf('gain'),
  }
}

const rounded = (value: number) => Number(value.toFixed(DIGITS))
