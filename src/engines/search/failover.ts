// Searches in OpenSearch when there is one and it answers, else in PostgreSQL, and says which.

import type { Log } from '../../base/log.ts'
import type { SearchEngine } from './search.ts'

/** After a failure it is left alone for so long: each search would only wait for it in vain. */
const REST_MS = 5_000

export interface Failover {
  /** What answers now. */
  use<T>(ask: (engine: SearchEngine) => Promise<T>): Promise<{ answer: T; source: SearchSource }>
}
export type SearchSource = 'postgres' | 'opensearch' | 'postgres-fallback'

export function createFailover({
  preferred,
  always,
  clock,
  log,
}: {
  preferred?: SearchEngine
  always: SearchEngine
  clock: () => number
  log: Log
}): Failover {
  let restUntil = Number.NEGATIVE_INFINITY
  return {
    async use(ask) {
      if (!preferred) return { answer: await ask(always), source: 'postgres' }
      if (clock() >= restUntil)
        try {
          return { answer: await ask(preferred), source: preferred.name }
        } catch (err) {
          restUntil = clock() + REST_MS
          log.warn({ err: (err as Error).message }, 'OpenSearch does not answer: PostgreSQL searches')
        }
      return { answer: await ask(always), source: 'postgres-fallback' }
    },
  }
}
