// A session's list of seen articles, in rows of a hundred: a page reads two of them, however long the list is.

import type { ArticleId } from '../../base/id.ts'
import type { SeenAgain } from '../ranking-query.ts'
import type { HistoryRow } from './seen.sql.ts'

/** Two rows have the hundred articles of the largest page, wherever in the first it begins. */
export const CHUNK_SIZE = 100
/** A thousand pages, 80 KB. When a list is used up, the rest of what was seen is listed. */
export const SEEN_LIST_MAX = 10_000
/** A few devices with a few channels each. Each refresh makes a list; a session whose list is gone makes another. */
export const SEEN_LISTS_PER_VIEWER = 10

export function seenAgainOf({ seenListId, seenListStart, seenListIds, isAllThatIsLeft }: HistoryRow): SeenAgain | undefined {
  if (seenListId === null || seenListStart === null) return undefined
  return { listId: seenListId, start: seenListStart, ids: seenListIds.slice(seenListStart % CHUNK_SIZE), isAllThatIsLeft }
}

export function chunksOf(ids: readonly ArticleId[]): ArticleId[][] {
  const chunks: ArticleId[][] = []
  for (let i = 0; i < ids.length; i += CHUNK_SIZE) chunks.push(ids.slice(i, i + CHUNK_SIZE))
  return chunks
}
