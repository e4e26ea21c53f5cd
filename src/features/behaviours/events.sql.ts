import { sql } from 'kysely'
import type { ArticleId, PageId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { channelOfPage, joinLatestPage } from './behaviours.sql.ts'

export interface EventRow {
  id: string
  /** Of the rows with this key only the first is written. Exposures have none. */
  once: string | undefined
  action: string
  /** Its key; undefined for an anonymous viewer. */
  viewer: string | undefined
  readerId: ReaderId | undefined
  articleId: ArticleId
  pageId: PageId | undefined
  position: number | undefined
  /** Whether the client sent no trace. */
  untraced: boolean
  dwellMs: number | undefined
  at: number
}

/** Repeated: a behaviour with this id, or with this `once`, existed before. No article: readers may not see it. */
export type EventOutcome = 'accepted' | 'repeated' | 'no_article'

/**
 * Inserts the events as behaviours, and the clicks into the readers' histories, in one statement. Returns one outcome for each
 * row. PostgreSQL answers with what is not as expected only.
 */
export async function insertEvents(db: Db, events: EventRow[]): Promise<EventOutcome[]> {
  const texts = (valueOf: (event: EventRow) => string | undefined) => sql`${events.map(event => valueOf(event) ?? null)}::text[]`
  // Written here, because the driver would look through each value for what it must escape.
  const column = (type: string, valueOf: (event: EventRow) => string | number | bigint | boolean | undefined) =>
    sql`${`{${events.map(event => valueOf(event) ?? 'null').join()}}`}::${sql.raw(type)}[]`
  const { rows } = await sql<{ withoutArticle: number[] | null; insertedIds: string[] | null }>`
    with given as materialized (
      select event.*, article.id is not null as article_exists from unnest(
        ${column('uuid', event => event.id)}, ${texts(event => event.action)}, ${texts(event => event.viewer)},
        ${column('bigint', event => event.readerId)}, ${column('bigint', event => event.articleId)},
        ${column('bigint', event => event.pageId)}, ${column('smallint', event => event.position)},
        ${column('boolean', event => event.untraced)}, ${column('int', event => event.dwellMs)}, ${column('float8', event => event.at)},
        ${column('uuid', event => event.once)}
      ) with ordinality event (id, action, viewer, reader_id, article_id, page_id, position, untraced, dwell_ms, at, once, index)
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
        from (select count(*) from inserted) behaviours_first cross join given join reader on reader.id = given.reader_id
       where action = 'click' and article_exists group by reader.id, article_id order by reader.id, article_id
      on conflict (reader_id, article_id) do update set at = greatest(history.at, excluded.at)
    ), notified as materialized (select pg_notify('behaviour', '') from (select from inserted limit 1) any_one)
    select (select array_agg((index - 1)::int) from given where not article_exists) as "withoutArticle",
           case when (select count(*) from inserted) < (select count(*) from given where article_exists)
                then (select coalesce(array_agg(id), '{}') from inserted) end as "insertedIds"
      from (select count(*) from notified) all_done`.execute(db)
  const { withoutArticle, insertedIds } = rows[0] as (typeof rows)[number]
  const hidden = new Set(withoutArticle)
  const inserted = insertedIds && new Set(insertedIds)
  // Of the rows with one id only the first is inserted.
  return events.map(({ id }, i) => (hidden.has(i) ? 'no_article' : !inserted || inserted.delete(id) ? 'accepted' : 'repeated'))
}

/** The articles of this viewer's pages, in their order. Pages that are another viewer's or have been deleted are absent. */
export async function articleIdsOfPages(db: Db, viewer: string, pageIds: PageId[]): Promise<Map<PageId, ArticleId[]>> {
  const { rows } = await sql<{ id: PageId; ids: ArticleId[] }>`
    select id, article_ids as ids from page where id = any(${pageIds}::bigint[]) and viewer = ${viewer}`.execute(db)
  return new Map(rows.map(({ id, ids }) => [id, ids]))
}
