/**
 * How many clicks more each article of an impression got than its share of them, by the softmax of the scores. Undefined if
 * nothing was clicked. `attention`: how much each place gets of it.
 */
export function excessClicks(
  articles: Int32Array,
  clicked: Uint8Array,
  scoreOf: (article: number) => number,
  attention?: readonly number[],
): Float64Array | undefined {
  let [clicks, total] = [0, 0]
  for (const isClicked of clicked) clicks += isClicked
  if (clicks === 0) return undefined
  const shares = Float64Array.from(articles, (article, i) => {
    const share = Math.exp(scoreOf(article)) * (attention?.[i] ?? 1)
    total += share
    return share
  })
  return shares.map((share, i) => (clicked[i] as number) - (clicks * share) / total)
}
