// Searches in OpenSearch if SEARCH_URL names one and it answers, else in PostgreSQL. Says which engine answered.

import type { Log } from '../../base/log.ts'
import type { SearchEngine } from './search.ts'

/** After a failure OpenSearch is not asked for this long, so that not every search waits for its timeout. */
const PAUSE_MS = 5_000

export interface Failover {
  /** Calls `search` with the preferred engine, or with the fallback. */
  use<T>(search: (engine: SearchEngine) => Promise<T>): Promise<{ answer: T; source: SearchSource }>
}
export type SearchSource = 'postgres' | 'opensearch' | 'postgres-fallback'

export function createFailover({
  preferred,
  fallback,
  clock,
  log,
}: {
  preferred?: SearchEngine
  fallback: SearchEngine
  clock: () => number
  log: Log
}): Failover {
  let pausedUntil = Number.NEGATIVE_INFINITY
  return {
    async use(search) {
      if (!preferred) return { answer: await search(fallback), source: 'postgres' }
      if (clock() >= pausedUntil)
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
