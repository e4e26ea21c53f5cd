// Cache of the counts on cards, as JSON. The counts of an article stay until they change. What has changed is asked a few times a
// second, as long as there are readers: one small query for all pages instead of one for each. An engine that cannot be asked (Redis)
// is read again when a quarter of a second is over.

import { LRUCache } from 'lru-cache'
import { createBatcher } from '../../base/batcher.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Counters } from '../../engines/counters/counters.ts'

/** For each of `ids`, the fields of a card's JSON that hold its counts, each with the comma before it. */
export type RecentCounts = (ids: readonly ArticleId[]) => Promise<Map<ArticleId, Buffer>>

export const CARD_KINDS = ['article.comments', 'article.likes', 'article.collections'] as const
// Counts on the cards of a feed may be half a second old: a quarter here, and a quarter while feed.ts caches the page.
const STALE_MS = 250
// While there are readers, changes are asked for before that, and no page waits for the answer.
const REFRESH_MS = STALE_MS / 2
const ENTRIES_MAX = 50_000 // some 10 MB
// A batch of more than 50 lists of ids is no faster than two batches.
const BATCHES = { concurrency: 2, batchSizeMax: 50 }

export function createRecentCounts(counters: Counters, now = () => performance.now()): RecentCounts {
  const cache = new LRUCache<ArticleId, Buffer>(entriesMax(ENTRIES_MAX))
  const changed = counters.followChanges(CARD_KINDS)
  /** All counts in the cache are those of this moment or later. */
  let currentAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined
  /** For each reading under way, the ids it may keep. A change that is heard of removes its id: what is being read may lack it. */
  const readings = new Set<Set<ArticleId>>()
  let timer: NodeJS.Timeout | undefined

  async function forgetChanged(): Promise<void> {
    const askedAt = now()
    const ids = await changed?.()
    for (const counts of [cache, ...readings]) {
      if (ids === undefined) counts.clear()
      for (const id of ids ?? []) counts.delete(id as ArticleId)
    }
    currentAt = askedAt
  }

  const askOnce = () =>
    (asking ??= forgetChanged().finally(() => {
      asking = undefined
    }))

  function refreshSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      askOnce().catch(() => {}) // the next reader asks again, and gets the error
    }, REFRESH_MS).unref()
  }

  const query = createBatcher<readonly ArticleId[], Map<ArticleId, Buffer>>(async lists => {
    const ids = [...new Set(lists.flat())]
    const kept = new Set(ids)
    readings.add(kept)
    try {
      const count = await counters.read(CARD_KINDS, ids)
      const jsonOf = new Map(ids.map(id => [id, serialize(CARD_KINDS.map(kind => count(id, kind)))]))
      for (const id of kept) cache.set(id, jsonOf.get(id) as Buffer)
      return lists.map(() => jsonOf)
    } finally {
      readings.delete(kept)
    }
  }, BATCHES)

  return async ids => {
    if (now() - currentAt > STALE_MS) await askOnce()
    if (changed) refreshSoon()
    const jsonOf = new Map<ArticleId, Buffer>()
    const missing: ArticleId[] = []
    for (const id of ids) {
      const json = cache.get(id)
      if (json) jsonOf.set(id, json)
      else missing.push(id)
    }
    if (missing.length === 0) return jsonOf
    const queried = await query(missing)
    for (const id of missing) jsonOf.set(id, queried.get(id) as Buffer)
    return jsonOf
  }
}

function serialize([comments, likes, collections]: number[]): Buffer {
  return Buffer.from(`,"comm_count":${comments},"like_count":${likes},"collect_count":${collections}`)
}
