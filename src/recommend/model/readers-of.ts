// The newest readers of each article, and from them how alike two readers are: the cosine of what they read, where an article
// counts the less the more readers it has.

import { createGrowable, type GrowableNumbers } from './growable.ts'
import { newIndex, type Renumberings, renumberGrowable, renumberList } from './renumbering.ts'

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
  renumber(renumberings: Renumberings): void
  data: ReadersOfData
}

interface ReadersOfData {
  articles: (Readers | undefined)[]
  read: ({ article: number; weight: number }[] | undefined)[]
  squares: GrowableNumbers
  readers: number
}

/** `readersMax`: the newest readers of an article. `readMax`: the newest articles of a reader. */
export function createReadersOf({ readersMax, readMax }: { readersMax: number; readMax: number }): ReadersOf {
  const squares = createGrowable()
  const data: ReadersOfData = { articles: [], read: [], squares, readers: 0 }
  const similarities = createGrowable()
  let touched: number[] = []
  return {
    click(viewer, article, at) {
      const own = (data.read[viewer] ??= [])
      if (own.length === 0) data.readers++
      if (own.some(earlier => earlier.article === article)) return
      const known = (data.articles[article] ??= {
        count: 0,
        viewers: new Int32Array(8),
        weights: new Float32Array(8),
        at: new Float64Array(8),
      })
      if (known.count === known.viewers.length && known.count < readersMax) grow(known, readersMax)
      const weight = Math.log(1 + data.readers / (1 + known.count))
      const place = known.count++ % known.viewers.length
      known.viewers[place] = viewer
      known.weights[place] = weight
      known.at[place] = at
      own.push({ article, weight })
      squares.reach(viewer)
      squares.values[viewer] = (squares.values[viewer] as number) + weight * weight
      if (own.length > readMax) squares.values[viewer] = (squares.values[viewer] as number) - (own.shift()?.weight ?? 0) ** 2
    },
    similarTo(viewer) {
      for (const each of touched) similarities.values[each] = 0
      touched = []
      similarities.reach(Math.max(data.read.length, viewer))
      const sums = similarities.values
      const own = data.read[viewer] ?? []
      for (const { article, weight } of own) {
        const known = data.articles[article]
        if (!known) continue
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
      const known = data.articles[article]
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
      for (const [article, known] of data.articles.entries()) if (known) yield [article, known]
    },
    readBy: viewer => data.read[viewer] ?? [],
    viewers: () => data.read.length,
    renumber({ articles, viewers }) {
      data.articles = renumberList(data.articles, articles).map(known => known && renumberReaders(known, viewers))
      data.read = renumberList(data.read, viewers).map(own =>
        own?.flatMap(({ article, weight }) => {
          const index = newIndex(articles, article)
          return index >= 0 ? [{ article: index, weight }] : []
        }),
      )
      renumberGrowable(squares, viewers)
      data.readers = data.read.filter(own => own && own.length > 0).length
    },
    data,
  }
}

function grow(readers: Readers, most: number): void {
  const size = Math.min(most, readers.viewers.length * 2)
  const [viewers, weights, at] = [new Int32Array(size), new Float32Array(size), new Float64Array(size)]
  viewers.set(readers.viewers)
  weights.set(readers.weights)
  at.set(readers.at)
  Object.assign(readers, { viewers, weights, at })
}

/** Without the readers who are forgotten, the oldest first. */
function renumberReaders({ count, viewers, weights, at }: Readers, renumbering: Renumberings['viewers']): Readers {
  const size = viewers.length
  const filled = Math.min(count, size)
  const kept = { count: 0, viewers: new Int32Array(size), weights: new Float32Array(size), at: new Float64Array(size) }
  for (let i = 0; i < filled; i++) {
    const place = filled < size ? i : (count + i) % size
    const index = newIndex(renumbering, viewers[place] as number)
    if (index < 0) continue
    kept.viewers[kept.count] = index
    kept.weights[kept.count] = weights[place] as number
    kept.at[kept.count] = at[place] as number
    kept.count++
  }
  return kept
}
