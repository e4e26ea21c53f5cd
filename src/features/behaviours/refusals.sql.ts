import type { Db } from '../../engines/database/database.ts'

export interface Refusal {
  viewer: string | undefined
  action: string | undefined
  rule: string
  reason: string
  event: string | undefined
}

export async function insertRefusals(db: Db, refusals: Refusal[]): Promise<void> {
  await db.insertInto('behaviour_refused').values(refusals).execute()
}

/** The newest first. */
export function listRefusals(db: Db, limit: number) {
  return db
    .selectFrom('behaviour_refused')
    .select(['at', 'viewer', 'action', 'rule', 'reason', 'event'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
