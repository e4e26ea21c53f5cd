import { sql } from 'kysely'
import type { ArticleId, PageId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { joinLatestPage } from './behaviours.sql.ts'

export interface EventRow {
  id: string
  action: string
  articleId: ArticleId
  pageId: PageId | undefined
  position: number | undefined
  /** Whether the client said nothing of where it came from. */
  untraced: boolean
  dwellMs: number | undefined
  at: number
}

/** Notes all of these in one statement; says of each whether its article is there, and whether it was noted only now. */
export async function insertEvents(
  db: Db,
  viewer: string | undefined,
  readerId: ReaderId | undefined,
  rows: EventRow[],
): Promise<{ known: boolean; fresh: boolean }[]> {
  const { rows: noted } = await sql<{ known: boolean; fresh: boolean }>`
    with given as materialized (
      select one.*, ${viewer ?? null}::text as viewer, article.id is not null as known from unnest(
        ${rows.map(one => one.id)}::uuid[], ${rows.map(one => one.action)}::text[], ${rows.map(one => one.articleId)}::bigint[],
        ${rows.map(one => one.pageId ?? null)}::bigint[], ${rows.map(one => one.position ?? null)}::smallint[],
        ${rows.map(one => one.untraced)}::boolean[], ${rows.map(one => one.dwellMs ?? null)}::int[], ${rows.map(one => one.at)}::float8[]
      ) with ordinality one (id, action, article_id, page_id, position, bare, dwell_ms, at, turn)
      left join article on article.id = one.article_id and article.status = 2
    ), noted as (
      insert into behaviour (id, action, viewer, article_id, page_id, position, dwell_ms, at)
      select distinct on (given.id) given.id, given.action, given.viewer, given.article_id, coalesce(given.page_id, shown.id),
             coalesce(given.position, shown.position), given.dwell_ms, to_timestamp(given.at / 1000)
        from given ${joinLatestPage}
       where given.known order by given.id, given.turn
      on conflict (id) do nothing returning id, action, article_id, at
    ), remembered as (
      insert into history (reader_id, article_id, at)
      select reader.id, article_id, max(at) from noted join reader on reader.id = ${readerId ?? null}
       where action = 'click' group by reader.id, article_id order by article_id
      on conflict (reader_id, article_id) do update set at = greatest(history.at, excluded.at)
    ), told as materialized (select pg_notify('behaviour', '') from (select from noted limit 1) any_one)
    select given.known, noted.id is not null as fresh
      from given left join noted on noted.id = given.id left join told on true
     order by given.turn`.execute(db)
  return noted
}

/** What stood on these pages of this viewer's, in their order; those that are not, or no longer, are absent. */
export async function articleIdsOfPages(db: Db, viewer: string, pageIds: PageId[]): Promise<Map<PageId, ArticleId[]>> {
  const { rows } = await sql<{ id: PageId; ids: ArticleId[] }>`
    select id, article_ids as ids from page where id = any(${pageIds}::bigint[]) and viewer = ${viewer}`.execute(db)
  return new Map(rows.map(({ id, ids }) => [id, ids]))
}
