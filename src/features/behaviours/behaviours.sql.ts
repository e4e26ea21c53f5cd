import { sql } from 'kysely'
import type { ArticleId, PageId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

export interface ClickRow {
  id: string
  viewer: string | undefined
  readerId: ReaderId | undefined
  articleId: ArticleId
  pageId: PageId | undefined
  position: number | undefined
  /** Whether the client said nothing of where it came from, not even something we cannot read. */
  untraced: boolean
}

// Existing clients send no traces: the newest page that showed the article to this viewer is taken for its origin.
export const joinLatestPage = sql`
  left join lateral (
    select page.id, array_position(page.article_ids, given.article_id) - 1 as position from page
     where given.bare and page.viewer = given.viewer and page.made_at > now() - interval '48 hours'
       and given.article_id = any(page.article_ids)
     order by page.made_at desc limit 1
  ) shown on true`

/** Notes that articles were opened: behaviours, and the readers' histories with them, or neither. Skips what is gone. */
export async function insertClicks(db: Db, opened: ClickRow[]): Promise<void> {
  await sql`
    with given as (
      select * from unnest(
        ${opened.map(one => one.id)}::uuid[], ${opened.map(one => one.viewer ?? null)}::text[], ${opened.map(one => one.readerId ?? null)}::bigint[],
        ${opened.map(one => one.articleId)}::bigint[], ${opened.map(one => one.pageId ?? null)}::bigint[], ${opened.map(one => one.position ?? null)}::smallint[],
        ${opened.map(one => one.untraced)}::boolean[]
      ) one (id, viewer, reader_id, article_id, page_id, position, bare)
    ), noted as (
      insert into behaviour (id, action, viewer, article_id, page_id, position)
      select given.id, 'click', given.viewer, given.article_id, coalesce(given.page_id, shown.id), coalesce(given.position, shown.position)
        from given join article on article.id = given.article_id
        ${joinLatestPage}
       order by given.id
      on conflict (id) do nothing returning id
    ), remembered as (
      insert into history (reader_id, article_id, at)
      select distinct reader_id, article_id, now() from given join article on article.id = article_id join reader on reader.id = reader_id
       order by reader_id, article_id
      on conflict (reader_id, article_id) do update set at = excluded.at
    )
    -- Of what was noted, so that behaviours are locked before histories, as by a batch of events: else one could wait for the other.
    select pg_notify('behaviour', '') from (select count(*) from noted) before_histories`.execute(db)
}

export interface ActionRow {
  id: string
  action: 'read' | 'collect' | 'like' | 'dislike'
  viewer: string | undefined
  articleId: ArticleId
  pageId: PageId | undefined
  position: number | undefined
  untraced: boolean
  dwellMs: number | undefined
}

/** Notes what somebody did, unless it was noted before; then wakes those who follow the log, once it is committed. */
export async function insertAction(db: Db | Tx, act: ActionRow): Promise<void> {
  await sql`
    with given as (
      select ${act.viewer ?? null}::text as viewer, article.id as article_id, ${act.pageId ?? null}::bigint as page_id, ${act.untraced}::boolean as bare
        from article where article.id = ${act.articleId}
    ), noted as (
      insert into behaviour (id, action, viewer, article_id, page_id, position, dwell_ms)
      select ${act.id}, ${act.action}, given.viewer, given.article_id, coalesce(given.page_id, shown.id),
             coalesce(${act.position ?? null}::smallint, shown.position), ${act.dwellMs ?? null}::int
        from given ${joinLatestPage}
      on conflict (id) do nothing
    )
    select pg_notify('behaviour', '')`.execute(db)
}

/** Keeps the newest of what these readers have read. Rows another process is at are left for the next time. */
export async function trimHistories(db: Db, readerIds: ReaderId[], limit: number): Promise<void> {
  await sql`
    delete from history where ctid = any(array(
      select history.ctid from history join (
        select reader_id, article_id, row_number() over (partition by reader_id order by at desc, article_id desc) as place
          from history where reader_id = any(${readerIds}::bigint[])
      ) ranked using (reader_id, article_id)
       where place > ${limit} for update of history skip locked))`.execute(db)
}

/**
 * Forgets up to `most` of what was shown that many days ago; returns how much. No count has anything of it: what counts is
 * what was done, which is kept for as long as its article, or the counts would be less than the rows once said.
 */
export async function deleteOldExposures(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from behaviour where id = any(array(
      select id from behaviour where action = 'exposure' and at < now() - make_interval(days => ${days}) order by at limit ${limit}))`.execute(
    db,
  )
  return Number(numAffectedRows)
}
