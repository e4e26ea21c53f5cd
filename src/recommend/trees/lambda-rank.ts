// LambdaRank (Burges 2010): each pair of a clicked and another candidate pulls them apart, by as much as the nDCG would change if
// they changed places. As LightGBM computes it, with its normalisation.

/** Places below count in no pair among themselves. */
const PLACES = 30
/** Keeps pairs that are far apart already from pulling much. */
const DISTANCE_MIN = 0.01

const discounts: number[] = []
const discountAt = (place: number) => (discounts[place] ??= 1 / Math.log2(place + 2))

/** Of the candidates from `begin` to `end`, writes the gradient and the second derivative of the loss by each score. */
export function writeLambdas(
  scores: Float64Array,
  clicked: Uint8Array,
  begin: number,
  end: number,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  gradients.fill(0, begin, end)
  hessians.fill(0, begin, end)
  const order = rankedBy(scores, begin, end)
  const ideal = idealGain(clicked, begin, end)
  const [best, worst] = [scores[order[0] as number] as number, scores[order.at(-1) as number] as number]
  let pulled = 0
  for (let i = 0; i < Math.min(order.length - 1, PLACES); i++)
    for (let j = i + 1; j < order.length; j++) {
      const [upper, lower] = [order[i] as number, order[j] as number]
      if (clicked[upper] === clicked[lower]) continue
      const [winner, loser] = clicked[upper] ? [upper, lower] : [lower, upper]
      const distance = (scores[winner] as number) - (scores[loser] as number)
      let gain = Math.abs(discountAt(i) - discountAt(j)) / ideal
      if (best !== worst) gain /= DISTANCE_MIN + Math.abs(distance)
      const wrong = 1 / (1 + Math.exp(distance))
      const [pull, curve] = [wrong * gain, wrong * (1 - wrong) * gain]
      gradients[winner] = (gradients[winner] as number) - pull
      gradients[loser] = (gradients[loser] as number) + pull
      hessians[winner] = (hessians[winner] as number) + curve
      hessians[loser] = (hessians[loser] as number) + curve
      pulled += 2 * pull
    }
  if (pulled === 0) return
  const scale = Math.log2(1 + pulled) / pulled // an impression with many pairs does not count as many times more
  for (let i = begin; i < end; i++) {
    gradients[i] = (gradients[i] as number) * scale
    hessians[i] = (hessians[i] as number) * scale
  }
}

/** The mean over impressions that have a clicked candidate and another one. */
export function meanNdcg(scores: Float64Array, clicked: Uint8Array, begins: Int32Array, places = 10): number {
  let [sum, count] = [0, 0]
  for (let i = 0; i + 1 < begins.length; i++) {
    const [begin, end] = [begins[i] as number, begins[i + 1] as number]
    const ideal = idealGain(clicked, begin, end, places)
    if (ideal === 0 || clicked.subarray(begin, end).every(Boolean)) continue
    let gain = 0
    for (const [place, candidate] of rankedBy(scores, begin, end).slice(0, places).entries())
      if (clicked[candidate]) gain += discountAt(place)
    sum += gain / ideal
    count++
  }
  return count === 0 ? 0 : sum / count
}

function rankedBy(scores: Float64Array, begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, i) => begin + i).toSorted((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
}

function idealGain(clicked: Uint8Array, begin: number, end: number, places = PLACES): number {
  let [clicks, gain] = [0, 0]
  for (let i = begin; i < end; i++) if (clicked[i]) clicks++
  for (let place = 0; place < Math.min(clicks, places); place++) gain += discountAt(place)
  return gain
}
