// Searches in OpenSearch if SEARCH_URL names one, its index has been built and it answers, else in PostgreSQL. Says which engine
// answered.

import { SECOND } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { SearchEngine } from './search.ts'

/** After a failure OpenSearch is not asked for this long, so that not every search waits for its timeout. */
const PAUSE_MS = 5_000
/** So old may be what is known of the index. It is built once; a search is much more frequent. */
const BUILT_TTL_MS = SECOND

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
  let built: { known: Promise<boolean>; at: number } | undefined
  const isBuiltNow = () => {
    if (!built || clock() - built.at >= BUILT_TTL_MS) built = { known: isBuilt(), at: clock() }
    return built.known
  }
  return {
    async use(search) {
      if (!preferred) return { answer: await search(fallback), source: 'postgres' }
      if (clock() >= pausedUntil)
        try {
          if (await isBuiltNow()) return { answer: await search(preferred), source: preferred.name }
        } catch (err) {
          pausedUntil = clock() + PAUSE_MS
          log.warn({ err: (err as Error).message }, 'OpenSearch does not answer: PostgreSQL searches')
        }
      return { answer: await search(fallback), source: 'postgres-fallback' }
    },
  }
}
