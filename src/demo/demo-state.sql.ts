import { sql } from 'kysely'
import type { Db } from '../engines/database/database.ts'

/** `seeded`: the demo world was added once, even if it was cleared later. `hasOtherArticles`: articles that are not the demo's. */
export async function readDemoState(db: Db): Promise<{ seeded: boolean; hasOtherArticles: boolean }> {
  const { rows } = await sql<{ seeded: boolean; hasOtherArticles: boolean }>`
    select exists (select from milestone where name = 'demo seeded') as seeded,
           exists (select from article where origin <> 'demo') as "hasOtherArticles"`.execute(db)
  return rows[0] as { seeded: boolean; hasOtherArticles: boolean }
}

export async function markDemoSeeded(db: Db): Promise<void> {
  await db
    .insertInto('milestone')
    .values({ name: 'demo seeded' })
    .onConflict(row => row.doNothing())
    .execute()
}

/** True if the demo account exists, which can sign in to the app and to the studio. */
export async function hasDemoAccount(db: Db): Promise<boolean> {
  const { rows } = await sql`select from reader where mobile = '13911111111' and is_verified`.execute(db)
  return rows.length > 0
}
