// The served pages of viewers who can be recognised, and the shared lists of those who cannot. The feed's clock
// (docs/request.md) lives in these rows: every number ever given out for a viewer and channel is in `stamp` or `older`.

import { sql } from 'kysely'
import type { ArticleId, ChannelId, PageId } from '../base/id.ts'
import type { Db } from '../engines/database/database.ts'

export interface Page {
  id: PageId
  scroll: PageId
  /** Asks for this page. */
  stamp: bigint
  /** Asks for what comes after it. */
  older: bigint
  articleIds: ArticleId[]
  /** Beside each article: the number of the source that found it, and its chance in thousandths. */
  sources: number[]
  propensity: number[]
  policy: number
  madeAt: number
}

const PAGE = sql`id, scroll, stamp, older, article_ids as "articleIds", sources, propensity, policy, extract(epoch from made_at)::float8 * 1000 as "madeAt"`

export type Known =
  /** This very page is asked for: by its number, or once more by the timestamp it was made for. */
  | { kind: 'stored'; page: Page }
  /** What comes after this page is asked for, and is not there yet. */
  | { kind: 'continued'; page: Page }

/** What a timestamp means to a viewer; undefined when we never gave it out, which makes it a refresh. */
export async function knownStamp(db: Db, viewer: string, channelId: ChannelId, stamp: number, retryMs: number): Promise<Known | undefined> {
  const { rows } = await sql<Page & { asked: bigint | null }>`
    select ${PAGE}, asked from page
     where viewer = ${viewer} and channel_id = ${channelId}
       and (stamp = ${stamp} or older = ${stamp} or (asked = ${stamp} and made_at > now() - make_interval(secs => ${retryMs / 1000})))
     order by made_at desc`.execute(db)
  const number = BigInt(stamp)
  const stored = rows.find(page => page.stamp === number)
  if (stored) return { kind: 'stored', page: stored }
  const continued = rows.find(page => page.older === number)
  if (continued) return { kind: 'continued', page: continued }
  const retried = rows[0]
  return retried && { kind: 'stored', page: retried }
}

export interface Past {
  /** Clicked, exposed, or on a page whose continuation was asked for, within the days a reader remembers. */
  seen: ArticleId[]
  /** On a page made lately and not known to be seen, oldest first. */
  served: ArticleId[]
  /** On any page of this scroll. */
  scrolled: ArticleId[]
}

export async function pastOf(
  db: Db,
  viewer: string,
  scroll: PageId | undefined,
  { seenDays, servedMs }: { seenDays: number; servedMs: number },
): Promise<Past> {
  const { rows } = await sql<Past>`
    with mine as materialized (
      select article_ids, channel_id, scroll, older, made_at from page where viewer = ${viewer} and made_at > now() - make_interval(days => ${seenDays})
    ), passed as (
      select article_ids from mine where exists (
        select from page next where next.viewer = ${viewer} and next.channel_id = mine.channel_id and next.stamp = mine.older)
    )
    select
      array(select unnest(article_ids) from passed
            union select article_id from behaviour where viewer = ${viewer} and at > now() - make_interval(days => ${seenDays}) and action in ('click', 'exposure')) as seen,
      array(select unnest(article_ids) from mine where made_at > now() - make_interval(secs => ${servedMs / 1000}) order by made_at) as served,
      array(select unnest(article_ids) from mine where scroll = ${scroll ?? 0n}) as scrolled`.execute(db)
  return rows[0] as Past
}

export interface NewPage {
  id: PageId
  viewer: string
  channelId: ChannelId
  /** On a continuation: the scroll it belongs to and the number it was asked under. */
  continues?: { scroll: PageId; stamp: bigint }
  /** On a refresh: what the client sent, and for how long the same again is the same request. */
  asked: number
  retryMs: number
  now: number
  articleIds: ArticleId[]
  sources: number[]
  propensity: number[]
  policy: number
}

/** Stores a page, unless an article on it is no longer published or another request was quicker: then undefined. */
export async function storePage(db: Db, page: NewPage): Promise<Page | undefined> {
  const { continues } = page
  const { rows } = await sql<Page>`
    insert into page (id, viewer, channel_id, scroll, stamp, older, asked, article_ids, sources, propensity, policy)
    select ${page.id}, ${page.viewer}, ${page.channelId}, ${continues?.scroll ?? page.id}, stamp, older, ${continues ? null : page.asked},
           ${page.articleIds}::bigint[], ${page.sources}::smallint[], ${page.propensity}::smallint[], ${page.policy}
      from next_page_numbers(${page.viewer}, ${page.channelId}, ${continues?.stamp ?? null}, ${page.asked}, ${page.now}, make_interval(secs => ${page.retryMs / 1000}))
     where not exists (select from unnest(${page.articleIds}::bigint[]) wanted (id) left join article on article.id = wanted.id
                        where article.status is distinct from 2)
    on conflict do nothing returning ${PAGE}`.execute(db)
  return rows[0]
}

/** Which of these articles readers may see now. */
export async function stillPublished(db: Db, ids: ArticleId[]): Promise<Set<ArticleId>> {
  const { rows } = await sql<{ id: ArticleId }>`select id from article where id = any(${ids}::bigint[]) and status = 2`.execute(db)
  return new Set(rows.map(row => row.id))
}

/** The list of a channel and minute: the one given, unless somebody else put theirs first. */
export async function keepSharedList(db: Db, channelId: ChannelId, minute: number, ids: ArticleId[]): Promise<ArticleId[]> {
  const { rows } = await sql<{ ids: ArticleId[] }>`
    with put as (insert into shared_list values (${channelId}, ${minute}, ${ids}::bigint[]) on conflict do nothing returning article_ids)
    select article_ids as ids from put
    union all select article_ids from shared_list where channel_id = ${channelId} and minute = ${minute} limit 1`.execute(db)
  return rows[0]?.ids ?? sharedList(db, channelId, minute).then(list => list ?? ids)
}

export async function sharedList(db: Db, channelId: ChannelId, minute: number): Promise<ArticleId[] | undefined> {
  const row = await db
    .selectFrom('shared_list')
    .select('article_ids')
    .where('channel_id', '=', channelId)
    .where('minute', '=', BigInt(minute))
    .executeTakeFirst()
  return row?.article_ids
}

export async function dropOldLists(db: Db, beforeMinute: number): Promise<void> {
  await db.deleteFrom('shared_list').where('minute', '<', BigInt(beforeMinute)).execute()
}

/** Whether this id is a reader's. */
export async function isReader(db: Db, id: bigint): Promise<boolean> {
  const { rows } = await sql`select from reader where id = ${id}`.execute(db)
  return rows.length > 0
}
