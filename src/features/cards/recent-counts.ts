// Cache of the counts on cards, as JSON, for a quarter of a second. The counts of an article that a thousand readers see are
// queried a few times a second instead of a thousand times, and mostly in the background.

import { LRUCache } from 'lru-cache'
import { createBatcher } from '../../base/batcher.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Counters } from '../../engines/counters/counters.ts'

/** For each of `ids`, the fields of a card's JSON that hold its counts, each with the comma before it. */
export type RecentCounts = (ids: readonly ArticleId[]) => Promise<Map<ArticleId, Buffer>>

export const CARD_KINDS = ['article.comments', 'article.likes', 'article.collections'] as const
// Counts on the cards of a feed may be half a second old: a quarter here, and a quarter while feed.ts caches the page.
const TTL_MS = 250
const ENTRIES_MAX = 20_000
// A batch of more than 50 lists of ids is no faster than two batches.
const BATCHES = { concurrency: 2, batchSizeMax: 50 }
// Articles that were read so often within half of that time are refreshed before they expire: one query for all of them
// instead of one for nearly every page. For rarer articles the refresh might serve no reader.
const REFRESH_INTERVAL_MS = TTL_MS / 2
const REFRESH_READS_MIN = 4

export function createRecentCounts(counters: Counters, now = () => performance.now()): RecentCounts {
  const cache = new LRUCache<ArticleId, Buffer>({ ...entriesMax(ENTRIES_MAX), ttl: TTL_MS, perf: { now } })
  const reads = new Map<ArticleId, number>()
  let timer: NodeJS.Timeout | undefined

  const query = createBatcher<readonly ArticleId[], Map<ArticleId, Buffer>>(async lists => {
    const ids = [...new Set(lists.flat())]
    const count = await counters.read(CARD_KINDS, ids)
    const jsonOf = new Map(ids.map(id => [id, serialize(CARD_KINDS.map(kind => count(id, kind)))]))
    for (const [id, json] of jsonOf) cache.set(id, json)
    return lists.map(() => jsonOf)
  }, BATCHES)

  function refreshFrequent(): void {
    timer = undefined
    const frequent = [...reads].flatMap(([id, count]) => (count >= REFRESH_READS_MIN ? [id] : []))
    reads.clear()
    // If this fails, the next read queries again and reports the error.
    if (frequent.length > 0) query(frequent).catch(() => {})
  }

  return async ids => {
    // Cached counts are taken first, because they may expire while the others are queried.
    const jsonOf = new Map<ArticleId, Buffer>()
    const missing: ArticleId[] = []
    for (const id of ids) {
      const json = cache.get(id)
      if (json) {
        jsonOf.set(id, json)
        reads.set(id, (reads.get(id) ?? 0) + 1)
      } else missing.push(id)
    }
    if (reads.size > 0) timer ??= setTimeout(refreshFrequent, REFRESH_INTERVAL_MS).unref()
    if (missing.length === 0) return jsonOf
    const queried = await query(missing)
    for (const id of missing) jsonOf.set(id, queried.get(id) as Buffer)
    return jsonOf
  }
}

function serialize([comments, likes, collections]: number[]): Buffer {
  return Buffer.from(`,"comm_count":${comments},"like_count":${likes},"collect_count":${collections}`)
}
