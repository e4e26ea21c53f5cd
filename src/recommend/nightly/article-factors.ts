// Trains the factors of articles on what known viewers clicked, from those of the night before.

import { deserialize, serialize } from 'node:v8'
import type { ArticleId } from '../../base/id.ts'
import { fitIals } from '../factors/ials.ts'
import { type ArticleFactors, FACTOR_OPTIONS } from '../factors/readers-like.ts'

/** Of fewer readers, a vector says what these few read beside. */
const READERS_MIN = 3
/** 13 MB in the database; in memory of a recommender 60 MB. */
const ARTICLES_MAX = 100_000

/** `reading`: of each reader, the articles. */
export function trainFactors(reading: readonly (readonly ArticleId[])[], before?: ArticleFactors): ArticleFactors {
  const readers = new Map<ArticleId, number>()
  for (const ids of reading) for (const id of ids) readers.set(id, (readers.get(id) ?? 0) + 1)
  const known = [...readers].filter(([, count]) => count >= READERS_MIN).toSorted(([a, x], [b, y]) => y - x || (a < b ? 1 : -1))
  const ids = known.slice(0, ARTICLES_MAX).map(([id]) => id)
  const indices = new Map(ids.map((id, index) => [id, index]))
  const likes = reading.map(own => own.flatMap(id => indices.get(id) ?? [])).filter(own => own.length > 1)
  const { width } = FACTOR_OPTIONS
  const earlier = new Map(before?.ids.map((id, index) => [id, index]))
  const startOf = (item: number) => {
    const index = earlier.get(ids[item] as ArticleId)
    return index === undefined ? undefined : before?.vectors.subarray(index * width, (index + 1) * width)
  }
  return { ids, vectors: fitIals(likes, ids.length, FACTOR_OPTIONS, startOf).items }
}

export const packFactors = ({ ids, vectors }: ArticleFactors): Buffer =>
  serialize({ width: FACTOR_OPTIONS.width, ids: BigInt64Array.from(ids), vectors })

/** Undefined if they are of another version. */
export function unpackFactors(body: Uint8Array): ArticleFactors | undefined {
  try {
    const { width, ids, vectors } = deserialize(body) as { width: number; ids: BigInt64Array; vectors: Float32Array }
    if (width !== FACTOR_OPTIONS.width || vectors.length !== ids.length * width) return undefined
    return { ids: Array.from(ids, id => id as ArticleId), vectors: vectors.slice() }
  } catch {
    return undefined
  }
}
