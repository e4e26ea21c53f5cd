// How likely each candidate is clicked at each place: attention of the place × attraction of the article, by a Poisson regression with
// a logarithmic link over place and factors. The places were given by the same factors, and by nothing else that says what is clicked,
// so the two can be told apart.

import { choleskySolve } from '../factors/cholesky.ts'

export interface ClickExamples {
  /** The place of each example. */
  places: Int32Array
  /** The inputs of each example, one after another. */
  inputs: Float64Array
  clicked: Uint8Array
}

/** Places beyond are taken as this one: hardly anything is known of them. */
export const PLACES_MAX = 20
const STEPS_MAX = 30
/** Of a weight per deviation of its input: without examples that say otherwise it is 0. */
const RIDGE = 1
/** A click rate is at most 1. */
const RATE_MAX_LOG = 0

export interface ClicksModel {
  /** First the intercept, then places from the second on, then inputs. */
  weights: Float64Array
  /** How certain they are: the second derivative of the likelihood, a square matrix. */
  information: Float64Array
}

export const widthOf = (inputs: number) => PLACES_MAX + inputs

/** How much a place is looked at, beside the first. */
export function attentionOf(weights: Float64Array, place: number): number {
  const at = Math.min(place, PLACES_MAX - 1)
  return at === 0 ? 1 : Math.exp(weights[at] as number)
}

/** The click rate of a candidate at the first place. */
export function attractionOf(weights: Float64Array, inputs: Float64Array, from: number, width: number): number {
  let sum = weights[0] as number
  for (let i = 0; i < width; i++) sum += (weights[PLACES_MAX + i] as number) * (inputs[from + i] as number)
  return Math.exp(Math.min(RATE_MAX_LOG, sum))
}

/** The inputs have mean 0 and deviation 1. */
export function fitClicks({ places, inputs, clicked }: ClickExamples): ClicksModel {
  const count = places.length
  const width = inputs.length / Math.max(1, count)
  const size = widthOf(width)
  const weights = new Float64Array(size)
  const total = clicked.reduce((sum, one) => sum + one, 0)
  weights[0] = Math.log(Math.max(1, total) / Math.max(1, count))
  let information = new Float64Array(0)
  for (let step = 0; step < STEPS_MAX; step++) {
    const gradient = Float64Array.from(weights, (weight, i) => (i === 0 ? 0 : -RIDGE * weight))
    information = new Float64Array(size * size)
    for (let i = 0; i < size; i++) information[i * size + i] = i === 0 ? 1e-9 : RIDGE
    for (let e = 0; e < count; e++) addExample(weights, { places, inputs, clicked }, e, width, gradient, information)
    choleskySolve(information.slice(), gradient, size)
    let largest = 0
    for (let i = 0; i < size; i++) {
      const change = Math.max(-1, Math.min(1, gradient[i] as number)) // a rate of e times as much a step, lest it overshoots
      weights[i] = (weights[i] as number) + change
      largest = Math.max(largest, Math.abs(change))
    }
    if (largest < 1e-6) break
  }
  return { weights, information }
}

/** The gradient of one example is its inputs times what was clicked more than expected. */
export function addExample(
  weights: Float64Array,
  { places, inputs, clicked }: ClickExamples,
  e: number,
  width: number,
  gradient: Float64Array,
  information?: Float64Array,
): void {
  const place = Math.min(places[e] as number, PLACES_MAX - 1)
  const from = e * width
  const rate = attentionOf(weights, place) * attractionOf(weights, inputs, from, width)
  const error = (clicked[e] as number) - rate
  const active = [0]
  if (place > 0) active.push(place)
  for (const i of active) gradient[i] = (gradient[i] as number) + error
  for (let i = 0; i < width; i++) gradient[PLACES_MAX + i] = (gradient[PLACES_MAX + i] as number) + error * (inputs[from + i] as number)
  if (!information) return
  const value = (index: number) => (index < PLACES_MAX ? 1 : (inputs[from + index - PLACES_MAX] as number))
  for (let i = 0; i < width; i++) active.push(PLACES_MAX + i)
  for (const i of active) {
    const row = i * weights.length
    const scaled = rate * value(i)
    for (const j of active) information[row + j] = (information[row + j] as number) + scaled * value(j)
  }
}
