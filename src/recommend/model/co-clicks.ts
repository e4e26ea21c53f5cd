// Item to item: articles that the same viewer clicked within a day of each other. Counts halve every two days, so that the pairs
// of the last hours lead.

const DAY_S = 86_400
const HALF_LIFE_S = 2 * DAY_S
const TRAIL = 20 // earlier clicks that a new one is paired with
const NEIGHBOURS_MAX = 200

interface Article {
  clicks: number
  together: Map<number, number>
}

export interface CoClicks {
  click(viewer: number, article: number, at: number): void
  /** The newest clicks of a viewer, the newest last. */
  trailOf(viewer: number): readonly { article: number; at: number }[]
  /** From 0 to 1: how often both were clicked, beside how often each was. */
  similarity(a: number, b: number): number
  /** How often both were clicked; half of it if that was two days ago. */
  together(a: number, b: number, at: number): number
  /** The articles that were clicked with this one, the most frequent first. */
  neighbours(article: number, limit: number): number[]
}

export function createCoClicks(): CoClicks {
  const articles: (Article | undefined)[] = []
  const trails: { article: number; at: number }[][] = []
  // Forward decay: a later click weighs more, and no count is ever rewritten.
  let beginsAt: number | undefined

  const weightAt = (at: number): number => {
    beginsAt ??= at
    return 2 ** ((at - beginsAt) / HALF_LIFE_S)
  }
  const entryOf = (article: number): Article => (articles[article] ??= { clicks: 0, together: new Map() })

  function pair(a: number, b: number, weight: number): void {
    const { together } = entryOf(a)
    const count = together.get(b)
    if (count === undefined && together.size >= NEIGHBOURS_MAX) dropWeaker(together)
    together.set(b, (count ?? 0) + weight)
  }

  function similarity(a: number, b: number): number {
    const [one, other] = [articles[a], articles[b]]
    const together = one?.together.get(b)
    return together && one && other ? together / Math.sqrt(one.clicks * other.clicks) : 0
  }

  return {
    click(viewer, article, at) {
      const weight = weightAt(at)
      const trail = (trails[viewer] ??= [])
      entryOf(article).clicks += weight
      for (const earlier of trail) {
        if (earlier.article === article || at - earlier.at > DAY_S) continue
        pair(article, earlier.article, weight)
        pair(earlier.article, article, weight)
      }
      trail.push({ article, at })
      if (trail.length > TRAIL) trail.shift()
    },
    trailOf: viewer => trails[viewer] ?? [],
    similarity,
    together: (a, b, at) => (articles[a]?.together.get(b) ?? 0) / weightAt(at),
    neighbours: (article, limit) =>
      [...(articles[article]?.together ?? [])]
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, limit)
        .map(([other]) => other),
  }
}

/** Makes room: the weaker half goes. */
function dropWeaker(counts: Map<number, number>): void {
  const median = [...counts.values()].toSorted((a, b) => a - b)[counts.size >> 1] as number
  for (const [other, count] of counts) if (count < median) counts.delete(other)
  if (counts.size >= NEIGHBOURS_MAX) for (const other of [...counts.keys()].slice(0, NEIGHBOURS_MAX >> 1)) counts.delete(other)
}
