// The score that is served: two rankings in the proportion, and with the spread, that made the clicks of later impressions most
// likely. So neither has to be trusted beyond what it has shown.

export interface Combination {
  first: number
  second: number
}

export interface ScoredImpression {
  first: Float64Array
  second: Float64Array
  clicked: Uint8Array
  /** What is known to add to the score of each candidate, such as its place. */
  offsets?: ArrayLike<number>
}

const [ROUNDS, TOLERANCE] = [50, 1e-6]
/** Keeps the weights of two rankings that agree from running apart. */
const RIDGE = 1e-3

/** By Newton's method: the softmax loss is convex in the two weights. A negative weight becomes 0: a ranking is not turned round. */
export function fitCombination(impressions: readonly ScoredImpression[]): Combination {
  const both = newton(impressions, true, true)
  if (both.first >= 0 && both.second >= 0) return both
  const { first, second } = both.first < 0 ? newton(impressions, false, true) : newton(impressions, true, false)
  return { first: Math.max(0, first), second: Math.max(0, second) }
}

export function combine({ first, second }: Combination, a: Float64Array, b: Float64Array): Float64Array {
  return a.map((score, i) => first * score + second * (b[i] as number))
}

function newton(impressions: readonly ScoredImpression[], hasFirst: boolean, hasSecond: boolean): Combination {
  let [first, second] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    let [g1, g2, h11, h12, h22] = [RIDGE * first, RIDGE * second, RIDGE, 0, RIDGE]
    for (const impression of impressions) {
      const { first: a, second: b, clicked } = impression
      const shares = sharesOf(impression, first, second)
      const clicks = clicked.reduce((sum, one) => sum + one, 0)
      let [ma, mb, aa, ab, bb] = [0, 0, 0, 0, 0]
      for (const [i, share] of shares.entries()) {
        const [x, y] = [a[i] as number, b[i] as number]
        ma += share * x
        mb += share * y
        aa += share * x * x
        ab += share * x * y
        bb += share * y * y
      }
      for (const [i, isClicked] of clicked.entries()) {
        if (!isClicked) continue
        g1 -= ((a[i] as number) - ma) / clicks
        g2 -= ((b[i] as number) - mb) / clicks
      }
      if (clicks === 0) continue
      h11 += aa - ma * ma
      h12 += ab - ma * mb
      h22 += bb - mb * mb
    }
    if (!hasFirst) [g1, h12] = [0, 0]
    if (!hasSecond) [g2, h12] = [0, 0]
    const determinant = h11 * h22 - h12 * h12
    if (!(determinant > 0)) break
    const [d1, d2] = [(h22 * g1 - h12 * g2) / determinant, (h11 * g2 - h12 * g1) / determinant]
    first -= d1
    second -= d2
    if (Math.abs(d1) + Math.abs(d2) < TOLERANCE) break
  }
  return { first, second }
}

/** The probability of each candidate to be the one that is clicked. */
function sharesOf({ first: a, second: b, offsets }: ScoredImpression, first: number, second: number): Float64Array {
  const shares = a.map((score, i) => first * score + second * (b[i] as number) + (offsets?.[i] ?? 0))
  const most = shares.reduce((x, y) => Math.max(x, y), Number.NEGATIVE_INFINITY)
  let total = 0
  for (let i = 0; i < shares.length; i++) total += shares[i] = Math.exp((shares[i] as number) - most)
  return shares.map(share => share / total)
}
