// How likely a yes is, by a linear score. Learns online with AdaGrad, as the ranker of clicks does.

export interface LogisticWeights {
  /** The last is the bias. */
  weights: Float64Array
  squares: Float64Array
}

const WEIGHT_MAX = 10
const SQUARE_MIN = 1e-2

export function createLogisticRegression({ width, step, decay }: { width: number; step: number; decay: number }) {
  const state: LogisticWeights = { weights: new Float64Array(width + 1), squares: new Float64Array(width + 1).fill(SQUARE_MIN) }
  const { weights, squares } = state

  function probabilityOf(inputs: Float64Array): number {
    let score = weights[width] as number
    for (let f = 0; f < width; f++) score += (weights[f] as number) * (inputs[f] as number)
    return 1 / (1 + Math.exp(-score))
  }

  return {
    probabilityOf,
    /** Inputs are standardised. */
    learn(inputs: Float64Array, isYes: boolean): void {
      const error = probabilityOf(inputs) - Number(isYes)
      for (let f = 0; f <= width; f++) {
        const slope = f === width ? error : error * (inputs[f] as number) + decay * (weights[f] as number)
        squares[f] = (squares[f] as number) + slope * slope
        const weight = (weights[f] as number) - (step * slope) / Math.sqrt(squares[f] as number)
        weights[f] = Math.max(-WEIGHT_MAX, Math.min(WEIGHT_MAX, weight))
      }
    },
    state,
    restore(saved: LogisticWeights): void {
      weights.set(saved.weights)
      squares.set(saved.squares)
    },
  }
}
