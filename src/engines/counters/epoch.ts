// Which history of the database this is. A process remembers it for some seconds: it changes when the database was
// restored from a backup or went back in time, which takes longer.

import { sql } from 'kysely'
import { SECOND } from '../../base/clock.ts'
import type { Db } from '../database/database.ts'

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
