import { sql } from 'kysely'
import type { ArticleId, PageId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { unseenColumn } from '../../engines/database/unseen.ts'

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
        ${unseenColumn('uuid', clicks, click => click.id)}, ${unseenColumn('text', clicks, click => click.viewer)}, ${unseenColumn('bigint', clicks, click => click.readerId)},
        ${unseenColumn('bigint', clicks, click => click.articleId)}, ${unseenColumn('bigint', clicks, click => click.pageId)}, ${unseenColumn('smallint', clicks, click => click.position)},
        ${unseenColumn('boolean', clicks, click => click.untraced)}, ${unseenColumn('uuid', clicks, click => click.once)}
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
