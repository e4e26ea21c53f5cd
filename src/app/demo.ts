import { sql } from 'kysely'
import type { Db } from '../engines/database/database.ts'
import type { Infrastructure } from './infrastructure.ts'

/**
 * Seeds the demo world, by default on the first start of an embedded, empty installation. It is seeded once: after
 * `demo clear` it stays away. A seed that was killed half-way is completed.
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
  // Loaded only here: no later start needs its texts.
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

/** True if the demo account exists, which can sign in to the app and to the studio. */
export async function hasDemo({ database }: Infrastructure): Promise<boolean> {
  const { rows } = await sql`select from reader where mobile = '13911111111' and is_verified`.execute(database.db)
  return rows.length > 0
}
