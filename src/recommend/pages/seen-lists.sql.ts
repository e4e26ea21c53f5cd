import { sql } from 'kysely'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { chunksOf, SEEN_LISTS_PER_VIEWER } from './seen-lists.ts'

/** Stores a list of the viewer's, and deletes those of their sessions that began before the last ones. */
export async function storeSeenList(db: Db, viewerKey: string, id: bigint, ids: readonly ArticleId[]): Promise<void> {
  const chunks = chunksOf(ids).map(chunk => chunk.map(String))
  await sql`
    with surplus as (
      delete from seen_list where id in (
        select seen_list from page where viewer = ${viewerKey} and seen_list is not null
         group by seen_list order by seen_list desc offset ${SEEN_LISTS_PER_VIEWER - 1})
    )
    insert into seen_list (id, chunk, article_ids)
    select ${id}, number - 1, array(select jsonb_array_elements_text(ids)::bigint)
      from jsonb_array_elements(${JSON.stringify(chunks)}::jsonb) with ordinality as chunks (ids, number)`.execute(db)
}

/** Deletes up to `limit` rows of lists older than `days`. A session that still needs one gets another. */
export async function deleteOldSeenLists(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from seen_list where (id, chunk) in (
      select id, chunk from seen_list where made_at < now() - make_interval(days => ${days}) order by made_at limit ${limit})`.execute(db)
  return Number(numAffectedRows ?? 0)
}
