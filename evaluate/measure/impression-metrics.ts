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
  let reciprocal = 0
  for (let rank = 1; rank <= count; rank++) if (clicked[order[rank - 1] as number]) reciprocal += 1 / rank
  return {
    auc: pairsInOrder(clicked, scores) / (positives * (count - positives)),
    mrr: reciprocal / positives,
    ndcg5: gainAt(5, clicked, order) / idealGain(5, positives),
    ndcg10: gainAt(10, clicked, order) / idealGain(10, positives),
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

function gainAt(k: number, clicked: ArrayLike<number>, order: readonly number[]): number {
  let gain = 0
  for (let i = 0; i < Math.min(k, order.length); i++) if (clicked[order[i] as number]) gain += 1 / Math.log2(i + 2)
  return gain
}

/** The highest gain that `positives` clicked articles can have. */
export function idealGain(k: number, positives: number): number {
  let gain = 0
  for (let i = 0; i < Math.min(k, positives); i++) gain += 1 / Math.log2(i + 2)
  return gain
}
