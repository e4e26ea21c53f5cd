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

/** Candidates with the same key. */
interface Group {
  /** By what their scores are multiplied. */
  worth: number
  /** Their indexes, as far as the choice has come. */
  members: number[]
}

/**
 * Chooses `count` candidates one by one, each time the one with the best lowered score. `ranked` is sorted by score.
 * Candidates that repeat come last but are not dropped, so the result is shorter than `count` only if `ranked` is.
 */
export function diversify<C extends Scored>(ranked: readonly C[], { count, by }: { count: number; by: readonly Dimension<C>[] }): C[] {
  const dimensions = by.filter(({ factor }) => factor !== 1).map(groupBy)
  /** Lowered scores, and whether a candidate is chosen, of those that were looked at: seldom half of them. */
  const scores: number[] = []
  const isChosen: boolean[] = []

  function lower(i: number): void {
    let score = (ranked[i] as C).score
    for (const { groups } of dimensions) score *= (groups[i] as Group).worth
    scores[i] = score
  }

  function lookAt(i: number): void {
    for (const { groups, groupOf } of dimensions) {
      const group = groupOf(ranked[i] as C)
      group.members.push(i)
      groups.push(group)
    }
    isChosen.push(false)
    lower(i)
  }

  const chosen: C[] = []
  let first = 0
  while (chosen.length < count && chosen.length < ranked.length) {
    while (isChosen[first]) first++
    if (first === scores.length) lookAt(first)
    let best = first
    // Scores are only lowered: once an original score is no better than the best, no later one is.
    for (let i = first + 1; i < ranked.length && (ranked[i] as C).score > (scores[best] as number); i++) {
      if (i === scores.length) lookAt(i)
      if ((scores[i] as number) > (scores[best] as number) && !isChosen[i]) best = i
    }
    chosen.push(ranked[best] as C)
    isChosen[best] = true
    for (const { groups, factor } of dimensions) {
      const group = groups[best] as Group
      group.worth *= factor
      group.members.forEach(lower)
    }
  }
  return chosen
}

function groupBy<C>({ keyOf, factor, previousKeys }: Dimension<C>) {
  const known = new Map<unknown, Group>()
  function find(key: unknown): Group {
    let group = known.get(key)
    if (!group) known.set(key, (group = { worth: 1, members: [] }))
    return group
  }
  for (const key of previousKeys) find(key).worth *= factor ** 0.5
  return { factor, groupOf: (candidate: C) => find(keyOf(candidate)), groups: [] as Group[] }
}
