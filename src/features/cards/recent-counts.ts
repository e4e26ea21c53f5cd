// The counts of articles as cards write them, a moment old. It lets a thousand readers of one article ask for its counts a
// few times a second instead of a thousand times, and mostly wait for nothing.

import { LRUCache } from 'lru-cache'
import { createBatcher } from '../../base/batcher.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Counters } from '../../engines/counters/counters.ts'

/** As they stand in a card's JSON, each with the comma before it; those of all `ids`. */
export type RecentCounts = (ids: readonly ArticleId[]) => Promise<Map<ArticleId, Buffer>>

export const CARD_KINDS = ['article.comments', 'article.likes', 'article.collections'] as const
// Counts on a feed's cards may be half a second old: this when they are written in, and as much again while the page is
// kept (feed.ts).
const RECENT_MS = 250
const RECENT_MAX = 20_000
// Lists of ids that are asked for in one question. A fuller one is answered no faster than two.
const TOGETHER = { concurrency: 2, batchSizeMax: 50 }
// What is asked for so often within half of that time is looked up again before it is too old: one question for all such
// articles instead of one for nearly every page. Less often, the question might be for nobody.
const AHEAD_MS = RECENT_MS / 2
const OFTEN = 4

export function createRecentCounts(counters: Counters, now = () => performance.now()): RecentCounts {
  const known = new LRUCache<ArticleId, Buffer>({ max: RECENT_MAX, ttl: RECENT_MS, perf: { now } })
  const asked = new Map<ArticleId, number>()
  let timer: NodeJS.Timeout | undefined

  const look = createBatcher<readonly ArticleId[], Map<ArticleId, Buffer>>(async lists => {
    const ids = [...new Set(lists.flat())]
    const count = await counters.read(CARD_KINDS, ids)
    const texts = new Map(ids.map(id => [id, written(CARD_KINDS.map(kind => count(id, kind)))]))
    for (const [id, text] of texts) known.set(id, text)
    return lists.map(() => texts)
  }, TOGETHER)

  function lookAhead(): void {
    timer = undefined
    const often = [...asked].flatMap(([id, times]) => (times >= OFTEN ? [id] : []))
    asked.clear()
    // Whoever asks next waits for an answer of their own, and hears why there is none.
    if (often.length > 0) look(often).catch(() => {})
  }

  return async ids => {
    // What is known is taken now: while the rest is looked up it may grow too old.
    const texts = new Map<ArticleId, Buffer>()
    const missing: ArticleId[] = []
    for (const id of ids) {
      const text = known.get(id)
      if (text) {
        texts.set(id, text)
        asked.set(id, (asked.get(id) ?? 0) + 1)
      } else missing.push(id)
    }
    if (asked.size > 0) timer ??= setTimeout(lookAhead, AHEAD_MS).unref()
    if (missing.length === 0) return texts
    const found = await look(missing)
    for (const id of missing) texts.set(id, found.get(id) as Buffer)
    return texts
  }
}

function written([comments, likes, collections]: number[]): Buffer {
  return Buffer.from(`,"comm_count":${comments},"like_count":${likes},"collect_count":${collections}`)
}
