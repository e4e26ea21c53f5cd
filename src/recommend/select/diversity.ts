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
export function diversify<C extends Scored>(ranked: readonly C[], { count, by }: { count: number; by: readonly Sameness<C>[] }): C[] {
  const worths = ranked.map(candidate => candidate.score)
  // For each thing to have in common: who has it. Choosing one lowers the others, so nothing is worked out twice.
  const groups = by.map(({ of, factor, before }) => {
    const alike = new Map<unknown, number[]>()
    for (const [i, candidate] of ranked.entries()) {
      const key = of(candidate)
      const group = alike.get(key)
      if (group) group.push(i)
      else alike.set(key, [i])
    }
    for (const key of before) lower(alike.get(key), factor ** 0.5)
    return { of, factor, alike }
  })
  function lower(group: number[] | undefined, factor: number): void {
    for (const i of group ?? []) worths[i] = (worths[i] as number) * factor
  }

  const taken: C[] = []
  const isTaken = new Set<number>()
  let first = 0
  while (taken.length < count && taken.length < ranked.length) {
    while (isTaken.has(first)) first++
    let best = first
    // Ranked by score: once that alone is no better than the best, nothing behind it can be.
    for (let i = first + 1; i < ranked.length && (ranked[i] as C).score > (worths[best] as number); i++)
      if ((worths[i] as number) > (worths[best] as number) && !isTaken.has(i)) best = i
    const chosen = ranked[best] as C
    taken.push(chosen)
    isTaken.add(best)
    for (const { of, factor, alike } of groups) lower(alike.get(of(chosen)), factor)
  }
  return taken
}
