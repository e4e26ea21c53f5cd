// The newest readers of each article, and from them how alike two readers are: the cosine of what they read, where an article
// counts the less the more readers it has.

import { createGrowable } from './growable.ts'

const READERS_MAX = 200 // of an article; enough for a mean, few enough to walk for each candidate
const READ_MAX = 120 // a reader's newest articles: some weeks

const HOUR_S = 3600
// What is left of a click after so many steps of six minutes, up to two weeks: a table, as each candidate has many readers.
const [DECAY_STEP_S, DECAY_STEPS] = [360, 14 * 240]
const decayTable = (hours: number) =>
  Float64Array.from({ length: DECAY_STEPS }, (_, step) => 2 ** ((-(step + 0.5) * DECAY_STEP_S) / HOUR_S / hours))
const [KEPT_48H, KEPT_3H] = [decayTable(48), decayTable(3)]

interface Readers {
  count: number
  viewers: Int32Array
  weights: Float32Array
  at: Float64Array
}

export interface ReadersOf {
  click(viewer: number, article: number, at: number): void
  /** By viewer, from 0 to 1. Holds until the next call. */
  similarTo(viewer: number): Float64Array
  /** The clicks of similar readers on an article, each by its similarity; half as much after 3 hours, and after 48. */
  clicksBySimilar(article: number, similarities: Float64Array, at: number): [fast: number, slow: number]
  /** With the newest readers of each; of a ring, the first `min(count, viewers.length)` are filled. */
  articles(): Iterable<[number, Readers]>
  /** What a viewer read, oldest first, each with its weight. */
  readBy(viewer: number): { article: number; weight: number }[]
  viewers(): number
}

export function createReadersOf(): ReadersOf {
  const articles: (Readers | undefined)[] = []
  const read: { article: number; weight: number }[][] = []
  const squares = createGrowable()
  const similarities = createGrowable()
  let touched: number[] = []
  let readers = 0

  return {
    click(viewer, article, at) {
      const own = (read[viewer] ??= [])
      if (own.length === 0) readers++
      if (own.some(earlier => earlier.article === article)) return
      const known = (articles[article] ??= {
        count: 0,
        viewers: new Int32Array(8),
        weights: new Float32Array(8),
        at: new Float64Array(8),
      })
      if (known.count === known.viewers.length && known.count < READERS_MAX) grow(known)
      const weight = Math.log(1 + readers / (1 + known.count))
      const place = known.count++ % known.viewers.length
      known.viewers[place] = viewer
      known.weights[place] = weight
      known.at[place] = at
      own.push({ article, weight })
      squares.reach(viewer)
      squares.values[viewer] = (squares.values[viewer] as number) + weight * weight
      if (own.length > READ_MAX) squares.values[viewer] = (squares.values[viewer] as number) - (own.shift()?.weight ?? 0) ** 2
    },
    similarTo(viewer) {
      for (const each of touched) similarities.values[each] = 0
      touched = []
      similarities.reach(Math.max(read.length, viewer))
      const sums = similarities.values
      const own = read[viewer] ?? []
      for (const { article, weight } of own) {
        const known = articles[article] as Readers
        const count = Math.min(known.count, known.viewers.length)
        for (let i = 0; i < count; i++) {
          const other = known.viewers[i] as number
          if (sums[other] === 0) touched.push(other)
          sums[other] = (sums[other] as number) + weight * (known.weights[i] as number)
        }
      }
      const length = Math.sqrt(squares.values[viewer] ?? 0)
      for (const other of touched) sums[other] = (sums[other] as number) / (length * Math.sqrt(squares.values[other] as number) + 1e-9)
      if (own.length > 0) sums[viewer] = 0
      return sums
    },
    clicksBySimilar(article, similarity, at) {
      const known = articles[article]
      let [fast, slow] = [0, 0]
      if (!known) return [fast, slow]
      const count = Math.min(known.count, known.viewers.length)
      for (let i = 0; i < count; i++) {
        const value = similarity[known.viewers[i] as number] as number
        if (!(value > 0)) continue
        const step = Math.min(DECAY_STEPS - 1, Math.max(0, ((at - (known.at[i] as number)) / DECAY_STEP_S) | 0))
        slow += value * (KEPT_48H[step] as number)
        fast += value * (KEPT_3H[step] as number)
      }
      return [fast, slow]
    },
    *articles() {
      for (const [article, known] of articles.entries()) if (known) yield [article, known]
    },
    readBy: viewer => read[viewer] ?? [],
    viewers: () => read.length,
  }
}

function grow(readers: Readers): void {
  const size = Math.min(READERS_MAX, readers.viewers.length * 2)
  const [viewers, weights, at] = [new Int32Array(size), new Float32Array(size), new Float64Array(size)]
  viewers.set(readers.viewers)
  weights.set(readers.weights)
  at.set(readers.at)
  Object.assign(readers, { viewers, weights, at })
}
