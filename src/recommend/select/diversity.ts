// Greedy selection that lowers a candidate's score for what it shares with those already chosen.

interface Scored {
  score: number
}

/** A property that two articles may share. */
export interface Dimension<C> {
  keyOf: (candidate: C) => unknown
  /** From 0 to 1: each chosen candidate with the same key multiplies the score of the others by it. */
  factor: number
  /** The keys of the previous page: each lowers half as much (the root of the factor). */
  previousKeys: readonly unknown[]
}

/**
 * Chooses `count` candidates one by one, each time the one with the best lowered score. `ranked` is sorted by score.
 * Candidates that repeat come last but are not dropped, so the result is shorter than `count` only if `ranked` is.
 */
export function diversify<C extends Scored>(ranked: readonly C[], { count, by }: { count: number; by: readonly Dimension<C>[] }): C[] {
  const scores = ranked.map(candidate => candidate.score)
  // The indexes of the candidates by key: choosing one lowers its group, so no score is computed twice.
  const dimensions = by.map(({ keyOf, factor, previousKeys }) => {
    const groups = groupIndexes(ranked, keyOf)
    for (const key of previousKeys) lower(groups.get(key), factor ** 0.5)
    return { keyOf, factor, groups }
  })
  function lower(group: number[] | undefined, factor: number): void {
    for (const i of group ?? []) scores[i] = (scores[i] as number) * factor
  }

  const chosen: C[] = []
  const isChosen = new Set<number>()
  let first = 0
  while (chosen.length < count && chosen.length < ranked.length) {
    while (isChosen.has(first)) first++
    let best = first
    // Scores are only lowered: once an original score is no better than the best, no later one is.
    for (let i = first + 1; i < ranked.length && (ranked[i] as C).score > (scores[best] as number); i++)
      if ((scores[i] as number) > (scores[best] as number) && !isChosen.has(i)) best = i
    const candidate = ranked[best] as C
    chosen.push(candidate)
    isChosen.add(best)
    for (const { keyOf, factor, groups } of dimensions) lower(groups.get(keyOf(candidate)), factor)
  }
  return chosen
}

function groupIndexes<C>(candidates: readonly C[], keyOf: (candidate: C) => unknown): Map<unknown, number[]> {
  const groups = new Map<unknown, number[]>()
  for (const [i, candidate] of candidates.entries()) {
    const key = keyOf(candidate)
    const group = groups.get(key)
    if (group) group.push(i)
    else groups.set(key, [i])
  }
  return groups
}
