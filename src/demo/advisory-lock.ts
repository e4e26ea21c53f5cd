import { sql } from 'kysely'
import type { Db } from '../engines/database/database.ts'

// Any constant that nothing else in this database locks; "demo" in letters of the alphabet.
const LOCK = 4_051_315

/**
 * One at a time, in all processes: two servers that start on one database make one world. The lock belongs to a
 * connection and holds no transaction.
 */
export async function withDemoLock<T>(db: Db, work: () => Promise<T>): Promise<T> {
  return db.connection().execute(async held => {
    for (;;) {
      const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(${LOCK}) as mine`.execute(held)
      if (rows[0]?.mine) break
      await new Promise(resolve => setTimeout(resolve, 200)) // a seed takes seconds: looking more often gains nothing
    }
    try {
      return await work()
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(held)
    }
  })
}
