// The ranking metrics of one impression (MIND's definitions). Articles with equal scores are ordered by a hash of impression and
// article, so that neither the order of the input nor that of the ids decides.

export interface ImpressionMetrics {
  auc: number
  mrr: number
  ndcg5: number
  ndcg10: number
}

/** Undefined unless there is both an article that was clicked and one that was not. */
export function measureImpression(
  clicked: ArrayLike<number>,
  scores: ArrayLike<number>,
  tieKeys: ArrayLike<number>,
): ImpressionMetrics | undefined {
  const count = clicked.length
  let positives = 0
  for (let i = 0; i < count; i++) positives += clicked[i] as number
  if (positives === 0 || positives === count) return undefined
  const order = Array.from({ length: count }, (_, i) => i).toSorted(
    (a, b) => (scores[b] as number) - (scores[a] as number) || (tieKeys[b] as number) - (tieKeys[a] as number),
  )
  const hits = order.map(i => clicked[i] as number)
  const reciprocal = hits.reduce((sum, hit, i) => sum + hit / (i + 1), 0)
  return {
    auc: pairsInOrder(clicked, scores) / (positives * (count - positives)),
    mrr: reciprocal / positives,
    ndcg5: ndcg(5, hits, positives),
    ndcg10: ndcg(10, hits, positives),
  }
}

/** Pairs of a clicked and another article of which the clicked one has the higher score. An equal score counts half. */
function pairsInOrder(clicked: ArrayLike<number>, scores: ArrayLike<number>): number {
  let pairs = 0
  for (let i = 0; i < clicked.length; i++) {
    if (!clicked[i]) continue
    for (let j = 0; j < clicked.length; j++) {
      if (clicked[j]) continue
      const difference = (scores[i] as number) - (scores[j] as number)
      pairs += difference > 0 ? 1 : difference === 0 ? 0.5 : 0
    }
  }
  return pairs
}

/** The gain of the first `k` of a ranking, over the highest that `positives` of them can have. `hits`: 1 for each of those. */
export function ndcg(k: number, hits: readonly number[], positives: number): number {
  let [gain, ideal] = [0, 0]
  for (let i = 0; i < k; i++) {
    gain += (hits[i] ?? 0) / Math.log2(i + 2)
    if (i < positives) ideal += 1 / Math.log2(i + 2)
  }
  return gain / ideal
}
