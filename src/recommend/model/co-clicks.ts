// Item to item: articles that the same viewer clicked within a day of each other. Counts halve every two days, so that the pairs
// of the last hours lead.

import { newIndex, type Renumberings, renumberKeys, renumberList } from './renumbering.ts'

const DAY_S = 86_400
const HALF_LIFE_S = 2 * DAY_S
const TRAIL = 20 // earlier clicks that a new one is paired with

interface Article {
  clicks: number
  together: Map<number, number>
}

/** By candidate. */
export interface CoClickScores {
  /** Of all similarities to the clicks. */
  sums: Float64Array
  most: Float64Array
  ofLast: Float64Array
  /** How often the candidate and the last click were clicked together; half of it if that was two days ago. */
  counts: Float64Array
}

export interface CoClicks {
  click(viewer: number, article: number, at: number): void
  /** The newest clicks of a viewer, the newest last. */
  trailOf(viewer: number): readonly { article: number; at: number }[]
  /** From 0 to 1: how often both were clicked, beside how often each was. */
  similarity(a: number, b: number): number
  /** The candidates beside the newest clicks of a viewer, the newest last. */
  compare(candidates: Int32Array, trail: readonly number[], at: number): CoClickScores
  /** The articles that were clicked with this one, the most frequent first. */
  neighbours(article: number, limit: number): number[]
  /** `at`: counts are kept as of this moment from here on. */
  renumber(renumberings: Renumberings, at: number): void
  data: CoClickData
}

interface CoClickData {
  articles: (Article | undefined)[]
  trails: ({ article: number; at: number }[] | undefined)[]
  /** Forward decay: a later click weighs more, and no count is rewritten. */
  beginsAt: number | undefined
}

/** `neighboursMax`: of an article, the most frequent. */
export function createCoClicks(neighboursMax: number): CoClicks {
  const data: CoClickData = { articles: [], trails: [], beginsAt: undefined }

  const weightAt = (at: number): number => {
    data.beginsAt ??= at
    return 2 ** ((at - data.beginsAt) / HALF_LIFE_S)
  }
  const entryOf = (article: number): Article => (data.articles[article] ??= { clicks: 0, together: new Map() })

  function pair(a: number, b: number, weight: number): void {
    const { together } = entryOf(a)
    const count = together.get(b)
    if (count === undefined && together.size >= neighboursMax) dropWeaker(together, neighboursMax)
    together.set(b, (count ?? 0) + weight)
  }

  function similarity(a: number, b: number): number {
    const [one, other] = [data.articles[a], data.articles[b]]
    const together = one?.together.get(b)
    return together && one && other ? together / Math.sqrt(one.clicks * other.clicks) : 0
  }

  return {
    click(viewer, article, at) {
      const weight = weightAt(at)
      const trail = (data.trails[viewer] ??= [])
      entryOf(article).clicks += weight
      for (const earlier of trail) {
        if (earlier.article === article || at - earlier.at > DAY_S) continue
        pair(article, earlier.article, weight)
        pair(earlier.article, article, weight)
      }
      trail.push({ article, at })
      if (trail.length > TRAIL) trail.shift()
    },
    trailOf: viewer => data.trails[viewer] ?? [],
    similarity,
    compare(candidates, trail, at) {
      const [sums, most, ofLast, counts] = [zeros(candidates), zeros(candidates), zeros(candidates), zeros(candidates)]
      const places = new Map<number, number>()
      if (trail.length > 0) for (let place = 0; place < candidates.length; place++) places.set(candidates[place] as number, place)
      const scale = 1 / weightAt(at)
      for (const [t, article] of trail.entries()) {
        const clicked = data.articles[article]
        if (!clicked) continue
        const use = (place: number, other: number, together: number) => {
          const similarity = together / Math.sqrt(clicked.clicks * (data.articles[other]?.clicks ?? 1))
          sums[place] = (sums[place] as number) + similarity
          if (similarity > (most[place] as number)) most[place] = similarity
          if (t < trail.length - 1) return
          ofLast[place] = similarity
          counts[place] = together * scale
        }
        // The shorter of the two is walked.
        if (candidates.length < clicked.together.size)
          for (const [place, other] of candidates.entries()) {
            const together = clicked.together.get(other)
            if (together) use(place, other, together)
          }
        else
          for (const [other, together] of clicked.together) {
            const place = places.get(other)
            if (place !== undefined) use(place, other, together)
          }
      }
      return { sums, most, ofLast, counts }
    },
    neighbours: (article, limit) =>
      [...(data.articles[article]?.together ?? [])]
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, limit)
        .map(([other]) => other),
    renumber({ articles, viewers }, at) {
      const scale = 1 / weightAt(at)
      data.articles = renumberList(data.articles, articles).map(
        entry =>
          entry && {
            clicks: entry.clicks * scale,
            together: new Map([...renumberKeys(entry.together, articles)].map(([other, count]) => [other, count * scale])),
          },
      )
      data.beginsAt = at
      const renumbered = (trail: { article: number; at: number }[]) =>
        trail.flatMap(click => {
          const article = newIndex(articles, click.article)
          return article >= 0 ? [{ article, at: click.at }] : []
        })
      data.trails = renumberList(data.trails, viewers).map(trail => trail && renumbered(trail))
    },
    data,
  }
}

const zeros = ({ length }: { length: number }) => new Float64Array(length)

/** Makes room: the weaker half goes. */
function dropWeaker(counts: Map<number, number>, most: number): void {
  const median = [...counts.values()].toSorted((a, b) => a - b)[counts.size >> 1] as number
  for (const [other, count] of counts) if (count < median) counts.delete(other)
  if (counts.size >= most) for (const other of [...counts.keys()].slice(0, most >> 1)) counts.delete(other)
}
