// What the clicks model knows of each candidate: its factors, and what the ranking that served it made of them.

import type { Policy } from '../policy/policy.ts'
import { FACTORS, type LoggedPage } from './logged-page.ts'
import { drawnOf, logScores } from './reorder.ts'

/** The factors, the score, its square, and whether it was drawn. */
export const INPUTS = FACTORS.length + 3
const LEAST = 1e-6

export function inputsOf(page: LoggedPage, logged: Policy): Float64Array {
  const scores = logScores(page, logged)
  const inputs = new Float64Array(page.ids.length * INPUTS)
  const drawn = drawnOf(page)
  for (let c = 0; c < page.ids.length; c++) {
    for (let f = 0; f < FACTORS.length; f++) {
      const value = page.factors[c * FACTORS.length + f] as number
      // A factor that its ranker does not have is no 0: it is left out when the others are scaled.
      inputs[c * INPUTS + f] = Number.isNaN(value) ? Number.NaN : Math.log(Math.max(LEAST, value))
    }
    const score = scores[c] as number
    inputs.set([score, score * score, Number(c === drawn)], c * INPUTS + FACTORS.length)
  }
  return inputs
}

/** Gives each input mean 0 and deviation 1; what is not known gets the mean. */
export function standardise(all: readonly Float64Array[]): void {
  for (let i = 0; i < INPUTS; i++) {
    let [count, sum, squares] = [0, 0, 0]
    for (const inputs of all)
      for (let at = i; at < inputs.length; at += INPUTS) {
        const value = inputs[at] as number
        if (Number.isNaN(value)) continue
        count++
        sum += value
        squares += value * value
      }
    const mean = sum / Math.max(1, count)
    const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean))
    for (const inputs of all)
      for (let at = i; at < inputs.length; at += INPUTS) {
        const value = inputs[at] as number
        inputs[at] = Number.isNaN(value) || deviation < 1e-9 ? 0 : (value - mean) / deviation
      }
  }
}
