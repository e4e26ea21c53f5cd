// Which history of the database this is: another one after it was restored, went back in time, or crashed. A process remembers
// it for some seconds; until it notices, its readers ask the rows, because what is fresh and what is noted name the new one.

import { sql } from 'kysely'
import { SECOND } from '../../../base/clock.ts'
import type { Db } from '../../database/database.ts'

const REMEMBERED_MS = 5 * SECOND

/** Undefined as long as it is not known. Only the first asks in vain; later it is looked up while the old one still serves. */
export function epochOf(db: Db): () => Promise<string | undefined> {
  let known: string | undefined
  let at = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined
  const look = async () => {
    const { rows } = await sql<{ epoch: string }>`select counter_epoch() as epoch`.execute(db)
    known = rows[0]?.epoch
    at = performance.now()
  }
  return async () => {
    if (performance.now() - at > REMEMBERED_MS) {
      looking ??= look()
        .catch(() => {})
        .finally(() => {
          looking = undefined
        })
      if (known === undefined) await looking
    }
    return known
  }
}
