// What a reader has read: how much of it is kept.

import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

/** The contract: a reader's history holds the newest hundred articles. */
export const READING_HISTORY_MAX = 100

/** Deletes all but the newest `limit` entries of each reader's history. Rows that another process has locked stay until the next run. */
export async function trimHistories(db: Db, readerIds: ReaderId[], limit: number): Promise<void> {
  await sql`
    delete from history where ctid = any(array(
      select history.ctid from history join (
        select reader_id, article_id, row_number() over (partition by reader_id order by at desc, article_id desc) as rank
          from history where reader_id = any(${readerIds}::bigint[])
      ) ranked using (reader_id, article_id)
       where rank > ${limit} for update of history skip locked))`.execute(db)
}
