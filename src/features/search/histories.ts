// Search histories: a reader's own keywords, and the hot queries of all viewers.

import { LRUCache } from 'lru-cache'
import type { ReaderId } from '../../base/id.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import { type HotSearch, QUERY_MAX } from './search.schema.ts'
import { listHotQueries, listRecentKeywords, removeKeywords } from './search.sql.ts'

export type SearchHistories = ReturnType<typeof createSearchHistories>

/** The contract: the client shows the last four. */
const SHOWN = 4
/** A query of fewer viewers could be one person's. */
export const VIEWERS_MIN = 3
const HOT_MAX = 20
/** Counting takes some milliseconds, and an hour's numbers change slowly. */
const HOT_TTL_MS = 30_000
/** Smaller changes are chance. */
const CHANGE = 1.2

export function createSearchHistories({ db }: { db: Db }) {
  const hot = new LRUCache<'hot', HotSearch[]>({ max: 1, ttl: HOT_TTL_MS, fetchMethod: () => countHot(db) })
  return {
    list: (reader: ReaderId) => listRecentKeywords(db, reader, SHOWN),
    forget: (reader: ReaderId, keyword: string | undefined) =>
      removeKeywords(db, reader, keyword === undefined ? undefined : normalizeLine('q', keyword, QUERY_MAX)),
    hot: async () => (await hot.fetch('hot')) ?? [],
  }
}

async function countHot(db: Db): Promise<HotSearch[]> {
  const counted = await listHotQueries(db, { viewersMin: VIEWERS_MIN, limit: HOT_MAX })
  return counted.map(({ query, viewers, before }) => ({ query, viewers, trend: trendOf(viewers, before) }))
}

function trendOf(viewers: number, before: number): HotSearch['trend'] {
  if (before === 0) return 'new'
  if (viewers > before * CHANGE) return 'up'
  return viewers * CHANGE < before ? 'down' : 'same'
}
