import { sql } from 'kysely'
import type { ArticleId, PageId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface Opened {
  id: string
  viewer: string | undefined
  readerId: ReaderId | undefined
  articleId: ArticleId
  pageId: PageId | undefined
  position: number | undefined
}

/** Notes that articles were opened: behaviours, and the readers' histories with them, or neither. Skips what is gone. */
export async function writeOpened(db: Db, opened: Opened[]): Promise<void> {
  await sql`
    with given as (
      select * from unnest(
        ${opened.map(one => one.id)}::uuid[], ${opened.map(one => one.viewer ?? null)}::text[], ${opened.map(one => one.readerId ?? null)}::bigint[],
        ${opened.map(one => one.articleId)}::bigint[], ${opened.map(one => one.pageId ?? null)}::bigint[], ${opened.map(one => one.position ?? null)}::smallint[]
      ) one (id, viewer, reader_id, article_id, page_id, position)
    ), noted as (
      insert into behaviour (id, action, viewer, article_id, page_id, position)
      select given.id, 'click', viewer, article_id, page_id, position from given join article on article.id = article_id order by given.id
      on conflict (id) do nothing
    ), remembered as (
      insert into history (reader_id, article_id, at)
      select distinct reader_id, article_id, now() from given join article on article.id = article_id join reader on reader.id = reader_id
       order by reader_id, article_id
      on conflict (reader_id, article_id) do update set at = excluded.at
    )
    select pg_notify('behaviour', '')`.execute(db)
}
