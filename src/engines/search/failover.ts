// Searches in OpenSearch if SEARCH_URL names one, its index has been built and it answers, else in PostgreSQL. Says which engine
// answered.

import { SECOND } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { withTimeout } from '../../base/timeout.ts'
import type { SearchEngine } from './search.ts'

/** After a failure OpenSearch is not asked for this long, so that not every search waits for its timeout. */
const PAUSE_MS = 5_000
/** So old may be what is known of the index. It is built once; a search is much more frequent. */
const BUILT_TTL_MS = SECOND
/** So long searches wait to know it; the answer usually takes a millisecond. After that the last one counts. */
const BUILT_WAIT_MS = 100

export interface Failover {
  /** Calls `search` with the preferred engine, or with the fallback. */
  use<T>(search: (engine: SearchEngine) => Promise<T>): Promise<{ answer: T; source: SearchSource }>
}
export type SearchSource = 'postgres' | 'opensearch' | 'postgres-fallback'

export function createFailover({
  preferred,
  isBuilt,
  fallback,
  clock,
  log,
}: {
  preferred?: SearchEngine
  /** Whether the preferred engine's index has all articles: a new one is empty at first. */
  isBuilt: () => Promise<boolean>
  fallback: SearchEngine
  clock: () => number
  log: Log
}): Failover {
  let pausedUntil = Number.NEGATIVE_INFINITY
  let built = false
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined
  async function ask(): Promise<void> {
    try {
      built = await isBuilt()
    } catch (err) {
      log.warn({ err: (err as Error).message, built }, 'PostgreSQL did not say whether the index in OpenSearch is built: as before')
    }
  }
  async function isBuiltNow(): Promise<boolean> {
    if (!asking && clock() - askedAt >= BUILT_TTL_MS) {
      askedAt = clock()
      asking = ask().finally(() => (asking = undefined))
    }
    const wait = askedAt + BUILT_WAIT_MS - clock()
    if (asking && wait > 0) await withTimeout(wait, asking, () => undefined)
    return built
  }
  return {
    async use(search) {
      if (!preferred) return { answer: await search(fallback), source: 'postgres' }
      if (clock() >= pausedUntil && (await isBuiltNow()))
        try {
          return { answer: await search(preferred), source: preferred.name }
        } catch (err) {
          pausedUntil = clock() + PAUSE_MS
          log.warn({ err: (err as Error).message }, 'OpenSearch does not answer: PostgreSQL searches')
        }
      return { answer: await search(fallback), source: 'postgres-fallback' }
    },
  }
}
