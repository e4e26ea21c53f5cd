// How many behaviours are written for anonymous viewers and devices. A client may invent device ids, but it has only so many
// addresses. A signed-in reader has a limit of their own, for batches.

import { LRUCache } from 'lru-cache'
import { HOUR } from '../../base/clock.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Client } from '../../base/network.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { RateLimit, RateLimiter } from '../../engines/limits/rate-limiter.ts'

const HOUR_S = HOUR / 1_000
const DAY_S = 24 * HOUR_S

export const BEHAVIOUR_LIMITS = {
  /** Rows of one reader: a page of ten each four seconds. */
  reader: { name: 'reader', points: 10_000, seconds: HOUR_S },
  /** Rows from one address: four devices of a household that scroll at once, each a page of ten each half a minute. */
  address: { name: 'address', points: 5_000, seconds: HOUR_S },
  /** Rows from one network: ten such addresses. */
  network: { name: 'network', points: 50_000, seconds: HOUR_S },
  /** Viewers from one address who do the same with the same article: a household. */
  addressArticle: { name: 'addressarticle', points: 5, seconds: DAY_S },
  /** Viewers from one network who do so: eight households. */
  networkArticle: { name: 'networkarticle', points: 40, seconds: DAY_S },
} as const satisfies Record<string, RateLimit>

/** What this process remembers of today, in some 10 MB. Without it a repeated action takes a point as well. */
const REMEMBERED_MAX = 50_000

export interface Candidate {
  viewer: Viewer
  client: Client | undefined
  action: string
  articleId: ArticleId
  /** Undefined for an exposure. */
  once: string | undefined
  /** An exposure may have a row for each of many articles. */
  rows: number
}

export type BehaviourLimits = ReturnType<typeof createBehaviourLimits>

export function createBehaviourLimits(createLimiter: (limit: RateLimit) => RateLimiter) {
  const reader = createLimiter(BEHAVIOUR_LIMITS.reader)
  const address = createLimiter(BEHAVIOUR_LIMITS.address)
  const network = createLimiter(BEHAVIOUR_LIMITS.network)
  const addressArticle = createLimiter(BEHAVIOUR_LIMITS.addressArticle)
  const networkArticle = createLimiter(BEHAVIOUR_LIMITS.networkArticle)
  const admitted = new LRUCache<string, Promise<boolean>>(entriesMax(REMEMBERED_MAX))

  /** One after the other, the address first: an address over its limit must not use up what its neighbours have. */
  async function take({ viewer, client, action, articleId, once, rows }: Candidate): Promise<boolean> {
    if (viewer.kind === 'reader') return (await reader.consume(`${viewer.id}`, rows)) === 0
    const from = client ?? { address: '', network: '' }
    if ((await address.consume(from.address, rows)) > 0) return false
    if (once && (await addressArticle.consume(`${from.address} ${action} ${articleId}`)) > 0) return false
    if ((await network.consume(from.network, rows)) > 0) return false
    return !once || (await networkArticle.consume(`${from.network} ${action} ${articleId}`)) === 0
  }

  return {
    /** Whether to write these rows. What was admitted before takes no second point: it will be found written. */
    admit(candidate: Candidate): Promise<boolean> {
      const { once } = candidate
      if (once === undefined) return take(candidate)
      const before = admitted.get(once)
      if (before) return before
      const outcome = take(candidate).then(ok => {
        if (!ok) admitted.delete(once) // its window may end before the day does
        return ok
      })
      admitted.set(once, outcome)
      return outcome
    },
    /** Notes an action that needs no admission. */
    note: (once: string): void => void admitted.set(once, Promise.resolve(true)),
    /** Whether this process has admitted the action today. Another process may have. */
    wasAdmitted: (once: string): boolean => admitted.has(once),
  }
}
