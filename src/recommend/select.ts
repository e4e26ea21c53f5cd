// Chooses the page from the ranking.

interface Scored {
  score: number
}

/** What two articles may have in common, and the factor by which each earlier one of the page with it lowers the next. */
type Sameness<C> = readonly [of: (candidate: C) => unknown, factor: number]

/**
 * Takes `count` candidates one by one, each time the best after lowering its score for what it has in common with those
 * already taken. A page is never cut short for the sake of variety: what repeats comes last, but it comes.
 */
export function spread<C extends Scored>(ranked: readonly C[], { count, by }: { count: number; by: readonly Sameness<C>[] }): C[] {
  const left = [...ranked]
  const taken: C[] = []
  const met = by.map(() => new Map<unknown, number>())
  while (taken.length < count && left.length > 0) {
    let best = 0
    let bestWorth = Number.NEGATIVE_INFINITY
    for (let i = 0; i < left.length; i++) {
      const candidate = left[i] as C
      // Ranked by score: once that alone is no better, nothing behind it can be.
      if (candidate.score <= bestWorth) break
      const worth = by.reduce((score, [of, factor], k) => score * factor ** (met[k]?.get(of(candidate)) ?? 0), candidate.score)
      if (worth > bestWorth) [best, bestWorth] = [i, worth]
    }
    const [chosen] = left.splice(best, 1) as [C]
    taken.push(chosen)
    for (const [k, [of]] of by.entries()) met[k]?.set(of(chosen), (met[k]?.get(of(chosen)) ?? 0) + 1)
  }
  return taken
}
