// Which incarnation of the database this is: a restore, a promotion or a crash begins another one, in which transaction ids
// may be given out again. A process caches it for seconds. Until it notices a change, its readers read the rows, because
// freshness and own writes name the new incarnation.

import { sql } from 'kysely'
import { SECOND } from '../../../base/clock.ts'
import type { Db } from '../../database/database.ts'

const CACHED_MS = 5 * SECOND

/** Undefined while it is unknown. Only the first callers wait for PostgreSQL; later refreshes run in the background. */
export function trackIncarnation(db: Db): () => Promise<string | undefined> {
  let known: string | undefined
  let refreshedAt = Number.NEGATIVE_INFINITY
  let refreshing: Promise<void> | undefined
  const refresh = async () => {
    const { rows } = await sql<{ incarnation: string }>`select counter_epoch() as incarnation`.execute(db)
    known = rows[0]?.incarnation
    refreshedAt = performance.now()
  }
  return async () => {
    if (performance.now() - refreshedAt > CACHED_MS) {
      refreshing ??= refresh()
        .catch(() => {})
        .finally(() => {
          refreshing = undefined
        })
      if (known === undefined) await refreshing
    }
    return known
  }
}
