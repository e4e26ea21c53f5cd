// What many viewers search for.

import { LRUCache } from 'lru-cache'
import type { Db } from '../../engines/database/database.ts'
import type { HotSearch } from './search.schema.ts'
import { listHotQueries } from './search.sql.ts'

/** A query of fewer viewers could be one person's. */
export const HOT_VIEWERS_MIN = 3
const HOT_MAX = 20
/** Counting takes some milliseconds, and an hour's numbers change slowly. */
const HOT_TTL_MS = 30_000
/** Smaller changes are chance. */
const CHANGE = 1.2

export type HotQueries = ReturnType<typeof createHotQueries>

/** The most searched, with their trend; at most half a minute old. */
export function createHotQueries({ db }: { db: Db }): () => Promise<HotSearch[]> {
  const hot = new LRUCache<'hot', HotSearch[]>({ max: 1, ttl: HOT_TTL_MS, fetchMethod: () => countHot(db) })
  return async () => (await hot.fetch('hot')) ?? []
}

async function countHot(db: Db): Promise<HotSearch[]> {
  const counted = await listHotQueries(db, { viewersMin: HOT_VIEWERS_MIN, limit: HOT_MAX })
  return counted.map(({ query, viewers, before }) => ({ query, viewers, trend: trendOf(viewers, before) }))
}

function trendOf(viewers: number, before: number): HotSearch['trend'] {
  if (before === 0) return 'new'
  if (viewers > before * CHANGE) return 'up'
  return viewers * CHANGE < before ? 'down' : 'same'
}
