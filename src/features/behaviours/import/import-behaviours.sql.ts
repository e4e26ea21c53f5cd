import { sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../../base/id.ts'
import type { Db } from '../../../engines/database/database.ts'

export interface ImportedRow {
  id: string
  /** As for other behaviours: of the rows with this key only the first is written. */
  once: string | undefined
  action: string
  viewer: string
  readerId: ReaderId | undefined
  articleId: ArticleId
  at: number
  dwellMs: number | undefined
}

export type ImportedOutcome = 'added' | 'unchanged' | 'no_article' | 'no_reader'

/**
 * Inserts behaviours of many viewers, and the clicks of readers into their histories, in one statement. Returns one outcome for
 * each row; PostgreSQL answers with what is not as expected only. Of rows with the same id the first that may be written is. A device has been here since its oldest behaviour: the operator vouches for imported times, which clients cannot.
 */
export async function insertImported(db: Db, rows: ImportedRow[]): Promise<ImportedOutcome[]> {
  const answer = await sql<{ withoutReader: number[] | null; withoutArticle: number[] | null; insertedIds: string[] | null }>`
    with given as materialized (
      select event.*, article.id is not null as "articleExists", event.reader_id is null or reader.id is not null as "viewerExists"
        from unnest(
          ${rows.map(row => row.id)}::uuid[], ${rows.map(row => row.once ?? null)}::uuid[], ${rows.map(row => row.action)}::text[],
          ${rows.map(row => row.viewer)}::text[], ${rows.map(row => row.readerId ?? null)}::bigint[], ${rows.map(row => row.articleId)}::bigint[],
          ${rows.map(row => row.at)}::float8[], ${rows.map(row => row.dwellMs ?? null)}::int[]
        ) with ordinality event (id, once, action, viewer, reader_id, article_id, at, dwell_ms, index)
        left join published_article article on article.id = event.article_id
        left join reader on reader.id = event.reader_id
    ), first as materialized (
      select distinct on (id) * from given where "articleExists" and "viewerExists" order by id, index
    ), known_devices as (
      insert into device (viewer, first_at)
      select viewer, min(to_timestamp(at / 1000)) from first where reader_id is null group by viewer order by viewer
      on conflict (viewer) do update set first_at = excluded.first_at where device.first_at > excluded.first_at
    ), inserted as (
      insert into behaviour (id, once, action, viewer, article_id, page_id, position, from_channel, at, dwell_ms)
      select first.id, once, action, viewer, article_id, shown.id, shown.position, case when action = 'click' then shown.channel_id end,
             to_timestamp(at / 1000), dwell_ms
        from first left join lateral (
          -- The newest page that had shown it by then, as for a behaviour without a trace. Most of a history is older than pages.
          -- The sum keeps the planner from the index of all pages by age, which it would read for each row while there are few pages.
          select page.id, page.channel_id, array_position(page.article_ids, first.article_id) - 1 as position from page
           where first.at > extract(epoch from now() - interval '48 hours') * 1000 and page.viewer = first.viewer
             and page.made_at + interval '0' between to_timestamp(first.at / 1000) - interval '48 hours' and to_timestamp(first.at / 1000)
             and first.article_id = any(page.article_ids)
           order by page.made_at desc limit 1
        ) shown on true
       order by once, case when once is null then first.id end, index -- as in insertEvents: two statements could deadlock otherwise
      on conflict do nothing returning id
    ), remembered as (
      insert into history (reader_id, article_id, at)
      select reader_id, article_id, max(to_timestamp(at / 1000)) from (select count(*) from inserted) behaviours_first cross join first
       where action = 'click' and reader_id is not null group by 1, 2 order by 1, 2
      on conflict (reader_id, article_id) do update set at = greatest(history.at, excluded.at)
    ), notified as materialized (select pg_notify('behaviour', '') from (select from inserted limit 1) any_one)
    select (select array_agg((index - 1)::int) from given where not "viewerExists") as "withoutReader",
           (select array_agg((index - 1)::int) from given where not "articleExists") as "withoutArticle",
           case when (select count(*) from inserted) < (select count(*) from first)
                then (select coalesce(array_agg(id), '{}') from inserted) end as "insertedIds"
      from (select count(*) from notified) all_done`.execute(db)
  const { withoutReader, withoutArticle, insertedIds } = answer.rows[0] as (typeof answer.rows)[number]
  const [noReader, noArticle] = [new Set(withoutReader), new Set(withoutArticle)]
  const unclaimed = new Set(insertedIds ?? rows.map(row => row.id))
  return rows.map(({ id }, i) => {
    if (noReader.has(i)) return 'no_reader'
    if (noArticle.has(i)) return 'no_article'
    return unclaimed.delete(id) ? 'added' : 'unchanged'
  })
}

/** The articles with these source ids that readers may see. */
export async function findArticlesBySource(db: Db, sourceIds: string[]): Promise<Map<string, ArticleId>> {
  const { rows } = await sql<{ id: ArticleId; sourceId: string }>`
    select id, source_id as "sourceId" from published_article where source_id = any(${sourceIds}::text[])`.execute(db)
  return new Map(rows.map(({ id, sourceId }) => [sourceId, id]))
}
