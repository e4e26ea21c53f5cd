// Compares what viewers of two arms did, and may be looked at as often as one likes: over the whole life of an experiment, the
// chance that two equal arms are ever called different is at most `error`.
//
// The mixture sequential probability ratio test (Robbins 1970; Johari, Pekelis, Walsh 2017, "Peeking at A/B tests"), in its
// asymptotic form (Waudby-Smith et al. 2021, "Time-uniform central limit theory"): how much likelier the difference is if its true
// size is drawn from normal distributions with these scales than if it is 0. Under equal arms that exceeds 1/error with at most the
// chance `error`, at any time.
//
// The unit is the viewer: of one viewer all clicks are one observation, because they are alike. A rate is a ratio of sums over
// viewers, and its variance is that of the viewers' deviations from the rate (the delta method).

/** Of the viewers of one arm: `n` is what a viewer could do (pages), `x` what they did (clicks). */
export interface Sums {
  viewers: number
  n: number
  x: number
  nn: number
  nx: number
  xx: number
}

export interface Comparison {
  /** Rates: x for each n. */
  control: number
  treatment: number
  /** Treatment minus control, and between which limits it is at all times, with the chance 1 - error. */
  difference: number
  low: number
  high: number
  isDifferent: boolean
}

export interface TestOptions {
  error: number
  /** The sizes of differences that it looks for, each a standard deviation. */
  scales: readonly number[]
}

/** Undefined if there is nothing to compare: no viewer in an arm, or all of them did the same. */
export function compareRates(control: Sums, treatment: Sums, { error, scales }: TestOptions): Comparison | undefined {
  if (control.n <= 0 || treatment.n <= 0) return undefined
  const pooled = (control.x + treatment.x) / (control.n + treatment.n)
  const squares = [control, treatment].map(({ nn, nx, xx }) => Math.max(0, xx - 2 * pooled * nx + pooled ** 2 * nn)) as [number, number]
  // If the arms are equal, a viewer deviates as much in one as in the other. In an arm with few viewers, or where few did it, its own
  // deviations may be too small by chance, and so may those of all: the larger ones count.
  const perViewer = (squares[0] + squares[1]) / (control.viewers + treatment.viewers)
  const varianceOf = ({ viewers, n }: Sums, own: number) => Math.max(own, viewers * perViewer) / n ** 2
  const deviation = Math.sqrt(varianceOf(control, squares[0]) + varianceOf(treatment, squares[1]))
  if (!(deviation > 0)) return undefined
  const rates = { control: control.x / control.n, treatment: treatment.x / treatment.n }
  const difference = rates.treatment - rates.control
  const width = differenceNeeded(deviation, { error, scales })
  return { ...rates, difference, low: difference - width, high: difference + width, isDifferent: Math.abs(difference) > width }
}

/** How much likelier a difference with this standard deviation is under the mixture than under equal arms. */
export function evidenceOf(difference: number, deviation: number, scales: readonly number[]): number {
  const ratios = scales.map(scale => {
    const variance = deviation ** 2 + scale ** 2
    return (deviation / Math.sqrt(variance)) * Math.exp((difference ** 2 * scale ** 2) / (2 * deviation ** 2 * variance))
  })
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / scales.length
}

/** From which difference on the evidence is 1/error, by bisection: the evidence grows with the difference. */
export function differenceNeeded(deviation: number, { error, scales }: TestOptions): number {
  let [low, high] = [0, deviation]
  while (evidenceOf(high, deviation, scales) < 1 / error) high *= 2
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2
    if (evidenceOf(middle, deviation, scales) < 1 / error) low = middle
    else high = middle
  }
  return high
}

const BISECTIONS = 40 // to a millionth of a millionth
