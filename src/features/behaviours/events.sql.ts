import { sql } from 'kysely'
import type { ArticleId, PageId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { channelOfPage, joinLatestPage } from './behaviours.sql.ts'

export interface EventRow {
  id: string
  /** Of the rows with this key only the first is written. Exposures have none. */
  once: string | undefined
  action: string
  articleId: ArticleId
  pageId: PageId | undefined
  position: number | undefined
  /** Whether the client sent no trace. */
  untraced: boolean
  dwellMs: number | undefined
  at: number
}

export interface InsertedEvent {
  /** Whether readers may see the article. */
  articleExists: boolean
  /** False if a behaviour with this id, or with this `once`, existed before. */
  inserted: boolean
}

/** Inserts the events as behaviours, and the clicks into the reader's history, in one statement. Returns one result for each row. */
export async function insertEvents(
  db: Db,
  viewer: string | undefined,
  readerId: ReaderId | undefined,
  events: EventRow[],
): Promise<InsertedEvent[]> {
  const { rows } = await sql<InsertedEvent>`
    with given as materialized (
      select event.*, ${viewer ?? null}::text as viewer, article.id is not null as article_exists from unnest(
        ${events.map(event => event.id)}::uuid[], ${events.map(event => event.action)}::text[], ${events.map(event => event.articleId)}::bigint[],
        ${events.map(event => event.pageId ?? null)}::bigint[], ${events.map(event => event.position ?? null)}::smallint[],
        ${events.map(event => event.untraced)}::boolean[], ${events.map(event => event.dwellMs ?? null)}::int[], ${events.map(event => event.at)}::float8[],
        ${events.map(event => event.once ?? null)}::uuid[]
      ) with ordinality event (id, action, article_id, page_id, position, untraced, dwell_ms, at, once, index)
      left join published_article article on article.id = event.article_id
    ), inserted as (
      insert into behaviour (id, once, action, viewer, article_id, page_id, position, dwell_ms, at, from_channel)
      select given.id, given.once, given.action, given.viewer, given.article_id, coalesce(given.page_id, shown.id),
             coalesce(given.position, shown.position), given.dwell_ms, to_timestamp(given.at / 1000),
             case when given.action = 'click' then ${channelOfPage} end
        from given ${joinLatestPage}
       where given.article_exists
       -- As in insertClicks: two statements could deadlock otherwise. Of equal actions in a batch the first one counts.
       order by given.once, case when given.once is null then given.id end, given.index
      on conflict do nothing returning id
    ), remembered as (
      -- A click that was counted before is remembered all the same. Behaviours are locked first, as in insertClicks.
      insert into history (reader_id, article_id, at)
      select reader.id, article_id, max(to_timestamp(given.at / 1000))
        from (select count(*) from inserted) behaviours_first cross join given join reader on reader.id = ${readerId ?? null}
       where action = 'click' and article_exists group by reader.id, article_id order by article_id
      on conflict (reader_id, article_id) do update set at = greatest(history.at, excluded.at)
    ), notified as materialized (select pg_notify('behaviour', '') from (select from inserted limit 1) any_one)
    select given.article_exists as "articleExists", inserted.id is not null as inserted
      from given left join inserted on inserted.id = given.id left join notified on true
     order by given.index`.execute(db)
  return rows
}

/** The articles of this viewer's pages, in their order. Pages that are another viewer's or have been deleted are absent. */
export async function articleIdsOfPages(db: Db, viewer: string, pageIds: PageId[]): Promise<Map<PageId, ArticleId[]>> {
  const { rows } = await sql<{ id: PageId; ids: ArticleId[] }>`
    select id, article_ids as ids from page where id = any(${pageIds}::bigint[]) and viewer = ${viewer}`.execute(db)
  return new Map(rows.map(({ id, ids }) => [id, ids]))
}
