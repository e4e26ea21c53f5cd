import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../engines/database/database.ts'

// Any number that no other advisory lock in this database has; the letters of "demo" by their place in the alphabet.
const LOCK = 4_051_315

/**
 * Runs `work` while no other process seeds or clears the demo. Two servers that start on one database thus make one
 * world. The lock belongs to a session and opens no transaction.
 */
export async function withDemoLock<T>(db: Db, work: () => Promise<T>): Promise<T> {
  return db.connection().execute(async connection => {
    for (;;) {
      const { rows } = await sql<{ acquired: boolean }>`select pg_try_advisory_lock(${LOCK}) as acquired`.execute(connection)
      if (rows[0]?.acquired) break
      await sleep(200) // a seed takes seconds: polling more often gains nothing
    }
    try {
      return await work()
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(connection)
    }
  })
}
