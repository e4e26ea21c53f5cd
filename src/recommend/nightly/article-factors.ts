// Trains which articles the same readers read, from what known viewers clicked: vectors, or for a small catalogue how much each
// article predicts each other. What finds the newest click of each reader best, from their others, is used.

import { deserialize, serialize } from 'node:v8'
import type { ArticleId } from '../../base/id.ts'
import { fitEase } from '../factors/ease.ts'
import { fitIals, gramOf } from '../factors/ials.ts'
import { READERS_MIN } from '../factors/new-articles.ts'
import { createReadersLike } from '../factors/readers-like.ts'
import { type ArticleFactors, FACTOR_OPTIONS, type IalsFactors } from '../factors/reading-model.ts'

/** 13 MB in the database; in memory of a recommender 60 MB. */
const ARTICLES_MAX = 100_000
/** EASE inverts a matrix of all articles: for 2,000 that takes ten seconds, and the result has 16 MB. */
const EASE_ARTICLES_MAX = 2_000
/** Times the mean number of readers of an article; what was best for C1 (docs/evaluation.md). */
const EASE_REGULARISATION = 5
/** Of fewer readers, chance decides; each ranks all articles. */
const [HELD_OUT_MIN, HELD_OUT_MAX] = [20, 1_000]
const PLACES = 10
const VERSION = `2 ${FACTOR_OPTIONS.width}`

/** Of each reader, the articles, the newest click first. */
export type Reading = readonly (readonly ArticleId[])[]
/** The same clicks, in milliseconds since 1970. */
export type ReadingTimes = readonly (readonly number[])[]
export const FACTOR_RANKINGS = ['ials', 'ease', 'popularity', 'recency', 'live'] as const
export type FactorRanking = (typeof FACTOR_RANKINGS)[number]
/** Mean nDCG@10 of those that were compared. */
export type FactorQuality = Partial<Record<FactorRanking, number>>
/** What the new factors have to beat; the live ones have to beat the first two. */
const RIVALS = ['popularity', 'recency', 'live'] as const

export interface FactorsVerdict {
  /** Undefined if nothing is better than what is most read, what is newest, and the live ones. */
  factors?: ArticleFactors
  liveStays: boolean
  reason: string
  ndcg10: FactorQuality
}

/** `times`: without them, which public logs may lack, what is newest is not compared. */
export function chooseFactors(reading: Reading, { live, times }: { live?: ArticleFactors; times?: ReadingTimes } = {}): FactorsVerdict {
  const tested = reading.filter(own => own.length > 1)
  if (tested.length < HELD_OUT_MIN)
    return {
      liveStays: true,
      reason: `too few readers: ${tested.length} with two articles or more, and ${HELD_OUT_MIN} are needed`,
      ndcg10: {},
    }
  const every = Math.ceil(tested.length / HELD_OUT_MAX)
  const heldOut = new Set(tested.filter((_, i) => i % every === 0))
  const rest = reading.map(own => (heldOut.has(own) ? own.slice(1) : own))
  const candidates = { ials: trainIals(rest, live), ease: trainEase(rest) }
  const popular = knownArticles(rest)
  const found: Partial<Record<FactorRanking, number[]>> & { ials: number[] } = {
    recency: times && ndcgsByRecency(reading, times, heldOut, new Set(popular)),
    popularity: ndcgsBy(heldOut, clicked => popular.filter(id => !clicked.includes(id)).slice(0, PLACES)),
    live: live && ndcgsOf(live, heldOut),
    ials: ndcgsOf(candidates.ials, heldOut),
    ease: candidates.ease && ndcgsOf(candidates.ease, heldOut),
  }
  const best = found.ease && meanOf(found.ease) > meanOf(found.ials) ? 'ease' : 'ials'
  const beats = (name: FactorRanking, rival: FactorRanking) => isBetter(found[name] ?? [], found[rival] ?? [])
  const unbeaten = RIVALS.filter(rival => found[rival] && !beats(best, rival))
  const ndcg10: FactorQuality = Object.fromEntries(Object.entries(found).flatMap(([name, own]) => (own ? [[name, meanOf(own)]] : [])))
  if (unbeaten.length > 0) {
    const liveStays = beats('live', 'popularity') && (!found.recency || beats('live', 'recency'))
    return { liveStays, reason: `not better than ${unbeaten.join(', ')}`, ndcg10 }
  }
  // Now also with what was held out.
  const factors = best === 'ease' ? trainEase(reading) : trainIals(reading, candidates.ials)
  return { factors, liveStays: false, reason: '', ndcg10 }
}

function ndcgsOf(factors: ArticleFactors, heldOut: Iterable<readonly ArticleId[]>): number[] {
  const readersLike = createReadersLike()
  readersLike.use(factors)
  return ndcgsBy(heldOut, clicked => readersLike.next(clicked, PLACES, id => !clicked.includes(id)))
}

/** Of each reader. */
const ndcgsBy = (heldOut: Iterable<readonly ArticleId[]>, next: (clicked: readonly ArticleId[]) => ArticleId[]): number[] =>
  Array.from(heldOut, ([newest, ...others]) => {
    const place = next(others).indexOf(newest as ArticleId)
    return place < 0 ? 0 : 1 / Math.log2(place + 2)
  })

/** By when an article was first clicked, as it was known at the click that was held out. */
function ndcgsByRecency(
  reading: Reading,
  times: ReadingTimes,
  heldOut: ReadonlySet<readonly ArticleId[]>,
  known: ReadonlySet<ArticleId>,
): number[] {
  const firstClicks = new Map<ArticleId, number>()
  for (const [r, ids] of reading.entries())
    for (const [i, id] of ids.entries()) {
      const at = times[r]?.[i] as number
      if (known.has(id) && at < (firstClicks.get(id) ?? Number.POSITIVE_INFINITY)) firstClicks.set(id, at)
    }
  const newest = [...firstClicks].toSorted(([, a], [, b]) => b - a)
  return reading.flatMap((ids, r) => {
    if (!heldOut.has(ids)) return []
    const at = times[r]?.[0] as number
    let place = 0
    for (const [id, first] of newest) {
      if (first > at || ids.includes(id, 1)) continue
      if (id === ids[0]) return 1 / Math.log2(place + 2)
      if (++place === PLACES) break
    }
    return 0
  })
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Of the same readers: whether the difference is more than its standard error, and so hardly chance. */
function isBetter(values: readonly number[], than: readonly number[]): boolean {
  const differences = values.map((value, i) => value - (than[i] as number))
  const mean = meanOf(differences)
  const variance = meanOf(differences.map(difference => (difference - mean) ** 2))
  return mean > Math.sqrt(variance / differences.length)
}

/** Those that are read by enough, the most read first. */
function knownArticles(reading: Reading): ArticleId[] {
  const readers = new Map<ArticleId, number>()
  for (const ids of reading) for (const id of ids) readers.set(id, (readers.get(id) ?? 0) + 1)
  const known = [...readers].filter(([, count]) => count >= READERS_MIN).toSorted(([a, x], [b, y]) => y - x || (a < b ? 1 : -1))
  return known.slice(0, ARTICLES_MAX).map(([id]) => id)
}

function likesOf(reading: Reading, ids: readonly ArticleId[]): number[][] {
  const indices = new Map(ids.map((id, index) => [id, index]))
  return reading.map(own => own.flatMap(id => indices.get(id) ?? [])).filter(own => own.length > 1)
}

/** Goes on from the vectors of the night before, if there are any. */
export function trainIals(reading: Reading, before?: ArticleFactors): IalsFactors {
  const ids = knownArticles(reading)
  const { width } = FACTOR_OPTIONS
  const earlier = new Map(before?.ids.map((id, index) => [id, index]))
  const startOf = (item: number) => {
    const index = earlier.get(ids[item] as ArticleId)
    return index === undefined || before?.kind !== 'ials' ? undefined : before.vectors.subarray(index * width, (index + 1) * width)
  }
  const { items: vectors, users } = fitIals(likesOf(reading, ids), ids.length, FACTOR_OPTIONS, startOf)
  return { kind: 'ials', ids, vectors, items: gramOf(vectors, width), users: gramOf(users, width) }
}

function trainEase(reading: Reading): ArticleFactors | undefined {
  const ids = knownArticles(reading)
  if (ids.length === 0 || ids.length > EASE_ARTICLES_MAX) return undefined
  const likes = likesOf(reading, ids)
  const readers = likes.reduce((sum, own) => sum + own.length, 0) / ids.length
  return { kind: 'ease', ids, weights: fitEase(likes, ids.length, EASE_REGULARISATION * Math.max(1, readers)) }
}

export const packFactors = (factors: ArticleFactors): Buffer =>
  serialize({ ...factors, ids: BigInt64Array.from(factors.ids), version: VERSION })

/** Undefined if they are of another version. */
export function unpackFactors(body: Uint8Array): ArticleFactors | undefined {
  try {
    const { version, ids, ...factors } = deserialize(body)
    return version === VERSION ? { ...factors, ids: Array.from(ids) } : undefined
  } catch {
    return undefined
  }
}
