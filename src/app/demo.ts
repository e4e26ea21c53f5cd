import { sql } from 'kysely'
import type { Db } from '../engines/database/database.ts'
import type { Infrastructure } from './infrastructure.ts'

/**
 * Seeds the demo world when it is wanted: by default on the first start of an embedded, empty installation. Once seeded
 * it does not come back by itself, so that clearing it lasts; a seed that was killed half-way is completed.
 */
export async function seedDemoOnce({ config, database, log }: Infrastructure): Promise<void> {
  const { when, seed, now } = config.demo
  if (when === 'never' || (when === 'first' && config.databaseUrl)) return
  const { db } = database
  const { rows } = await sql<{ done: boolean; used: boolean }>`
    select exists (select from milestone where name = 'demo seeded') as done, exists (select from article where origin <> 'demo') as used`.execute(
    db,
  )
  if (rows[0]?.done || (when === 'first' && rows[0]?.used)) return
  // Loaded here only: its texts are of no use on any later start.
  const { seedDemo } = await import('../demo/demo.ts')
  await seedDemo({ db, seed, now: now ?? Date.now(), log })
  await markDemoSeeded(db)
}

export async function markDemoSeeded(db: Db): Promise<void> {
  await db
    .insertInto('milestone')
    .values({ name: 'demo seeded' })
    .onConflict(row => row.doNothing())
    .execute()
}

/** Whether the demo's reader and creator can be signed in as, in the app and in the studio. */
export async function hasDemo({ database }: Infrastructure): Promise<boolean> {
  const { rows } = await sql`select from reader where mobile = '13911111111' and is_verified`.execute(database.db)
  return rows.length > 0
}
