// Chooses the page from the ranking.

interface Scored {
  score: number
}

/** What two articles may have in common. */
export interface Sameness<C> {
  of: (candidate: C) => unknown
  /** By how much each earlier one of the page lowers the next, from 0 to 1. */
  factor: number
  /** What the page before had: each counts for half of one on this page. */
  before: readonly unknown[]
}

/**
 * Takes `count` candidates one by one, each time the best after lowering its score for what it has in common with those
 * already taken. A page is never cut short for the sake of variety: what repeats comes last, but it comes.
 */
export function spread<C extends Scored>(ranked: readonly C[], { count, by }: { count: number; by: readonly Sameness<C>[] }): C[] {
  const left = [...ranked]
  const taken: C[] = []
  const met = by.map(() => new Map<unknown, number>())
  for (const [k, { before }] of by.entries()) for (const one of before) met[k]?.set(one, (met[k]?.get(one) ?? 0) + 0.5)
  while (taken.length < count && left.length > 0) {
    let best = 0
    let bestWorth = Number.NEGATIVE_INFINITY
    for (let i = 0; i < left.length; i++) {
      const candidate = left[i] as C
      // Ranked by score: once that alone is no better, nothing behind it can be.
      if (candidate.score <= bestWorth) break
      const worth = by.reduce((score, { of, factor }, k) => score * factor ** (met[k]?.get(of(candidate)) ?? 0), candidate.score)
      if (worth > bestWorth) [best, bestWorth] = [i, worth]
    }
    const [chosen] = left.splice(best, 1) as [C]
    taken.push(chosen)
    for (const [k, { of }] of by.entries()) met[k]?.set(of(chosen), (met[k]?.get(of(chosen)) ?? 0) + 1)
  }
  return taken
}
