import { sql } from 'kysely'
import type { ArticleId, PageId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

export interface ClickRow {
  id: string
  /** Of the rows with this key only the first is written. */
  once: string
  viewer: string | undefined
  readerId: ReaderId | undefined
  articleId: ArticleId
  pageId: PageId | undefined
  position: number | undefined
  /** Whether the client sent no trace, not even one that is not ours. */
  untraced: boolean
}

// Existing clients send no traces: their behaviours are attributed to the newest page that showed the article to the viewer.
export const joinLatestPage = sql`
  left join lateral (
    select page.id, array_position(page.article_ids, given.article_id) - 1 as position from page
     where given.untraced and page.viewer = given.viewer and page.made_at > now() - interval '48 hours'
       and given.article_id = any(page.article_ids)
     order by page.made_at desc limit 1
  ) shown on true`

/** The channel of the page that an action came from; null if there is no such page any more. */
export const channelOfPage = sql`(select channel_id from page where page.id = coalesce(given.page_id, shown.id))`

/**
 * Inserts clicks as behaviours and into the readers' histories, in one statement. Skips articles that readers may not see,
 * and readers that do not exist.
 */
export async function insertClicks(db: Db, clicks: ClickRow[]): Promise<void> {
  await sql`
    with given as (
      select * from unnest(
        ${clicks.map(click => click.id)}::uuid[], ${clicks.map(click => click.viewer ?? null)}::text[], ${clicks.map(click => click.readerId ?? null)}::bigint[],
        ${clicks.map(click => click.articleId)}::bigint[], ${clicks.map(click => click.pageId ?? null)}::bigint[], ${clicks.map(click => click.position ?? null)}::smallint[],
        ${clicks.map(click => click.untraced)}::boolean[], ${clicks.map(click => click.once)}::uuid[]
      ) click (id, viewer, reader_id, article_id, page_id, position, untraced, once)
    ), inserted as (
      insert into behaviour (id, once, action, viewer, article_id, page_id, position, from_channel)
      select given.id, given.once, 'click', given.viewer, given.article_id, coalesce(given.page_id, shown.id), coalesce(given.position, shown.position),
             ${channelOfPage}
        from given join published_article article on article.id = given.article_id
        ${joinLatestPage}
       order by given.once, given.id -- every statement in this order: two could deadlock otherwise
      on conflict do nothing returning id
    ), remembered as (
      insert into history (reader_id, article_id, at)
      select distinct reader_id, article_id, now() from given join published_article article on article.id = article_id join reader on reader.id = reader_id
       order by reader_id, article_id
      on conflict (reader_id, article_id) do update set at = excluded.at
    )
    -- Reading from "inserted" locks behaviours before histories, as a batch of events does: otherwise the two could deadlock.
    select pg_notify('behaviour', '') from (select count(*) from inserted) behaviours_first`.execute(db)
}

export interface ActionRow {
  id: string
  once: string
  action: 'read' | 'collect' | 'like' | 'dislike' | 'search'
  viewer: string | undefined
  articleId: ArticleId
  pageId: PageId | undefined
  position: number | undefined
  untraced: boolean
  dwellMs: number | undefined
}

/** Inserts one behaviour, unless its id or its `once` exists, or readers may not see the article. When the transaction commits, consumers of the behaviour log are notified. */
export async function insertAction(db: Db | Tx, action: ActionRow): Promise<void> {
  await sql`
    with given as (
      select ${action.viewer ?? null}::text as viewer, article.id as article_id, ${action.pageId ?? null}::bigint as page_id,
             ${action.untraced}::boolean as untraced
        from published_article article where article.id = ${action.articleId}
    ), inserted as (
      insert into behaviour (id, once, action, viewer, article_id, page_id, position, dwell_ms)
      select ${action.id}, ${action.once}, ${action.action}, given.viewer, given.article_id, coalesce(given.page_id, shown.id),
             coalesce(${action.position ?? null}::smallint, shown.position), ${action.dwellMs ?? null}::int
        from given ${joinLatestPage}
      on conflict do nothing
    )
    select pg_notify('behaviour', '')`.execute(db)
}

/**
 * Deletes up to `limit` exposures older than `days`; returns how many. No count includes exposures. Other behaviours are
 * counted, and stay as long as their article.
 */
export async function deleteOldExposures(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from behaviour where id = any(array(
      select id from behaviour where action = 'exposure' and at < now() - make_interval(days => ${days}) order by at limit ${limit}))`.execute(
    db,
  )
  return Number(numAffectedRows)
}

/**
 * Of the `limit` devices after `after`, deletes those that came more than `days` ago and of which no behaviour is left. Returns
 * how many, and the last device that it looked at. Each is looked up by itself: as a join, PostgreSQL reads all behaviours.
 */
export async function deleteForgottenDevices(
  db: Db,
  { days, after, limit }: { days: number; after: string; limit: number },
): Promise<{ deleted: number; last: string | null }> {
  const { rows } = await sql<{ deleted: number; last: string | null }>`
    with looked_at as materialized (select viewer, first_at from device where viewer > ${after} order by viewer limit ${limit}),
    deleted as (
      delete from device where viewer = any(array(
        select viewer from looked_at where first_at < now() - make_interval(days => ${days})
           and (select true from behaviour where behaviour.viewer = looked_at.viewer limit 1) is null))
      returning 1
    )
    select (select count(*) from deleted)::int as deleted, (select max(viewer) from looked_at) as last`.execute(db)
  return rows[0] as { deleted: number; last: string | null }
}
