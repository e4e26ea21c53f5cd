import { sql } from 'kysely'
import { ARTICLE_STATUS } from '../../base/article-status.ts'
import type { Db } from '../../engines/database/database.ts'

/** Marks up to `limit` published articles whose date has passed; returns how many. The triggers count them and log the change. */
export async function markAppeared(db: Db, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update article set appeared = true where id = any(array(
      select id from article where status = ${sql.lit(ARTICLE_STATUS.published)} and not appeared and published_at <= now()
       order by published_at limit ${limit} for update skip locked))`.execute(db)
  return Number(numAffectedRows)
}
