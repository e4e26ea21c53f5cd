// Ranks the candidates of an impression by a linear score. Learns by the softmax of the scores within an impression: the
// probability that just this one is clicked. AdaGrad (Duchi et al. 2011): each weight has its own step.

export interface RankerOptions {
  width: number
  step: number
  /** Pulls weights to 0, a little with each impression. */
  decay: number
  /** Inputs that are used; all if not given. */
  isUsed?: (input: number) => boolean
  /** Places of an impression whose effect is learned beside the inputs, so that no input stands for it. Default: none. */
  places?: number
}

export interface Snapshot {
  /** The mean of the weights of late, by which candidates are ranked: single steps are noise. */
  averages: Float64Array
  weights: Float64Array
  squares: Float64Array
  deviations: Float64Array
  /** What a place adds to the score of what stands there, and its squares. No part of the score of a candidate. */
  placeWeights: Float64Array
  placeSquares: Float64Array
}

export interface SoftmaxRanker {
  /** Learns the scale of the inputs; before anything else. */
  standardise(examples: readonly Float32Array[]): void
  scores(inputs: Float32Array, count: number): Float64Array
  /**
   * Learns from one impression; returns its loss before. Inputs that are no numbers teach nothing, and the loss is NaN.
   * `at`: the place of each candidate.
   */
  learn(inputs: Float32Array, clicked: Uint8Array, at?: ArrayLike<number>): number
  loss(inputs: Float32Array, clicked: Uint8Array): number
  placeWeightOf(place: number): number
  save(): Snapshot
  restore(snapshot: Snapshot): void
}

const WEIGHT_MAX = 10 // of standardised inputs: more is never right
const PLACE_MAX = 3 // a place is at most twenty times as good as another
const SQUARE_MIN = 1e-2
const VARIANCE_MIN = 1e-9 // of an input that says something
/** Of a weight's mean, how much is from the newest step: the mean of some two thousand. */
export const AVERAGED = 1 / 2000

export function createSoftmaxRanker({ width, step, decay, isUsed = () => true, places = 0 }: RankerOptions): SoftmaxRanker {
  const state: Snapshot = {
    averages: new Float64Array(width),
    weights: new Float64Array(width),
    squares: new Float64Array(width).fill(SQUARE_MIN),
    deviations: new Float64Array(width).fill(1),
    placeWeights: new Float64Array(places),
    placeSquares: new Float64Array(places).fill(SQUARE_MIN),
  }
  const used = Int32Array.from(Array.from({ length: width }, (_, i) => i).filter(isUsed))
  const gradient = new Float64Array(width)

  // Means move all scores of an impression alike, so they are left out.
  const scaled = new Float64Array(width)
  function scoresBy(weights: Float64Array, inputs: Float32Array, count: number): Float64Array {
    for (let k = 0; k < used.length; k++) {
      const f = used[k] as number
      scaled[k] = (weights[f] as number) / (state.deviations[f] as number)
    }
    const result = new Float64Array(count)
    for (let i = 0; i < count; i++) {
      let sum = 0
      for (let k = 0; k < used.length; k++) sum += (scaled[k] as number) * (inputs[i * width + (used[k] as number)] as number)
      result[i] = sum
    }
    return result
  }

  function movePlace(place: number, slope: number): void {
    state.placeSquares[place] = (state.placeSquares[place] as number) + slope * slope
    const weight = (state.placeWeights[place] as number) - (step * slope) / Math.sqrt(state.placeSquares[place] as number)
    state.placeWeights[place] = Math.max(-PLACE_MAX, Math.min(PLACE_MAX, weight))
  }

  return {
    standardise(examples) {
      const rows = examples.reduce((sum, inputs) => sum + inputs.length / width, 0)
      for (let f = 0; f < width; f++) {
        let [sum, squares] = [0, 0]
        for (const inputs of examples)
          for (let i = f; i < inputs.length; i += width) {
            sum += inputs[i] as number
            squares += (inputs[i] as number) ** 2
          }
        const variance = squares / rows - (sum / rows) ** 2
        state.deviations[f] = variance > VARIANCE_MIN ? Math.sqrt(variance) : 1
      }
    },
    scores: (inputs, count) => scoresBy(state.averages, inputs, count),
    learn(inputs, clicked, at) {
      const clicks = countOf(clicked)
      if (clicks === 0 || clicks === clicked.length) return 0
      const scores = scoresBy(state.weights, inputs, clicked.length)
      if (at) for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) + (state.placeWeights[at[i] as number] ?? 0)
      const before = softmaxLoss(scores, clicked)
      if (!Number.isFinite(before)) return Number.NaN
      const shares = sharesOf(scores)
      gradient.fill(0)
      for (let i = 0; i < clicked.length; i++) {
        const error = (shares[i] as number) - (clicked[i] as number) / clicks
        if (at && (at[i] as number) < places) movePlace(at[i] as number, error)
        for (let k = 0; k < used.length; k++) {
          const f = used[k] as number
          gradient[f] = (gradient[f] as number) + error * (inputs[i * width + f] as number)
        }
      }
      for (const f of used) {
        const slope = (gradient[f] as number) / (state.deviations[f] as number) + decay * (state.weights[f] as number)
        state.squares[f] = (state.squares[f] as number) + slope * slope
        const weight = (state.weights[f] as number) - (step * slope) / Math.sqrt(state.squares[f] as number)
        state.weights[f] = Math.max(-WEIGHT_MAX, Math.min(WEIGHT_MAX, weight))
        state.averages[f] = (state.averages[f] as number) + AVERAGED * ((state.weights[f] as number) - (state.averages[f] as number))
      }
      return before
    },
    loss: (inputs, clicked) => softmaxLoss(scoresBy(state.averages, inputs, clicked.length), clicked),
    placeWeightOf: place => state.placeWeights[Math.min(place, places - 1)] ?? 0,
    save: () => Object.fromEntries(Object.entries(state).map(([key, values]) => [key, values.slice()])) as unknown as Snapshot,
    restore(snapshot) {
      for (const key of Object.keys(state) as (keyof Snapshot)[]) state[key].set(snapshot[key])
    },
  }
}

/** Minus the log of the probability of what was clicked; the mean of several clicks, 0 of none. */
export function softmaxLoss(scores: Float64Array, clicked: Uint8Array): number {
  const most = mostOf(scores)
  let [total, sum] = [0, 0]
  for (const score of scores) total += Math.exp(score - most)
  for (let i = 0; i < scores.length; i++) if (clicked[i]) sum += Math.log(total) - (scores[i] as number) + most
  return sum / (countOf(clicked) || 1)
}

function sharesOf(scores: Float64Array): Float64Array {
  const most = mostOf(scores)
  const powers = scores.map(score => Math.exp(score - most))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map(power => power / total)
}

const mostOf = (scores: Float64Array) => scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
const countOf = (clicked: Uint8Array) => clicked.reduce((sum, one) => sum + one, 0)
