// Hands every change to those in this process who keep something of the rows in memory.

import type { Change } from '../../base/part.ts'
import type { Db } from '../database/database.ts'
import { changesAfter, logHorizon } from './tail.ts'

const BATCH = 1_000

/** Begins at the end of the log; each call tells of what has happened since the one before. */
export async function followChanges(db: Db, tell: (changes: Change[]) => void): Promise<() => Promise<void>> {
  let seen = await logHorizon(db)
  return async () => {
    for (;;) {
      const changes = await changesAfter(db, seen, BATCH)
      if (changes.length > 0) tell(changes)
      seen = changes.at(-1) ?? seen
      if (changes.length < BATCH) return
    }
  }
}
