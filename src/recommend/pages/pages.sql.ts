// The served pages of viewers who can be recognised. The feed's clock
// (docs/architecture.md) lives in these rows: every number ever given out for a viewer and channel is in `stamp` or `older`.

import { sql } from 'kysely'
import type { ArticleId, ChannelId, PageId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { type PackedWhy, pack, unpack, type Why } from './page-explanation.ts'

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
  /** Clicked, exposed, or on a page whose continuation was asked for, within the days a viewer remembers; or in this scroll. */
  passed: ArticleId[]
  /** On a page made lately, the longest ago first. */
  served: ArticleId[]
}

/** `stamp` as it was asked for: if it continues a scroll, what stood in that is passed too. */
export async function pastOf(
  db: Db,
  { viewer, channelId, stamp }: { viewer: string; channelId: ChannelId; stamp: number },
  { seenDays, servedMs }: { seenDays: number; servedMs: number },
): Promise<Past> {
  const { rows } = await sql<Past>`
    with mine as materialized (
      select article_ids, channel_id, scroll, stamp, older, made_at from page where viewer = ${viewer} and made_at > now() - make_interval(days => ${seenDays})
    )
    select
      array(select unnest(article_ids) from mine
             where scroll = (select scroll from mine where channel_id = ${channelId} and older = ${stamp})
                -- Asked for their continuation. Looked up here and not in the table, which the planner would search again for each page.
                or (channel_id, older) in (select channel_id, stamp from mine)
            union all select unnest(article_ids) from seen_day where viewer = ${viewer} and day > current_date - ${seenDays}::int
            union all select article_id from behaviour where viewer = ${viewer} and at > now() - make_interval(days => ${seenDays}) and action in ('click', 'exposure')) as passed,
      array(select unnest(article_ids) from mine where made_at > now() - make_interval(secs => ${servedMs / 1000}) order by made_at) as served`.execute(
    db,
  )
  return rows[0] as Past
}

export interface Interests {
  follows: ReaderId[]
  recentIds: ArticleId[]
  recentAt: number[]
  disliked: ArticleId[]
  blocked: ReaderId[]
}

/** Whom a viewer follows, what they opened lately (the newest first), what and whom they want no more of. */
export async function interestsOf(
  db: Db,
  viewer: string,
  readerId: ReaderId | undefined,
  { days, most }: { days: number; most: number },
): Promise<Interests> {
  const { rows } = await sql<Interests>`
    with recent as materialized (
      select article_id, max(at) as at from behaviour
       where viewer = ${viewer} and action = 'click' and at > now() - make_interval(days => ${days})
       group by article_id order by max(at) desc limit ${most}
    )
    select
      array(select creator_id from following where reader_id = ${readerId ?? null} order by at desc limit 1000) as follows,
      array(select article_id from recent) as "recentIds",
      array(select extract(epoch from at)::float8 * 1000 from recent) as "recentAt",
      array(select article_id from attitude where reader_id = ${readerId ?? null} and value = 0) as disliked,
      array(select blocked_id from blocking where reader_id = ${readerId ?? null}) as blocked`.execute(db)
  return rows[0] as Interests
}

export interface NewPage {
  id: PageId
  viewer: string
  channelId: ChannelId
  /** On a continuation: the scroll it belongs to and the number it was asked under. */
  continues?: { scroll: PageId; stamp: bigint }
  /** Cut from what was ranked for that page: not to be stored if the viewer was given another since, whoever gave it. */
  rankedFor?: Pick<Page, 'id' | 'older'>
  /** On a refresh: what the client sent, and for how long the same again is the same request. */
  asked: number
  retryMs: number
  now: number
  articleIds: ArticleId[]
  sources: number[]
  propensity: number[]
  policy: number
  why: Why
}

/**
 * Stores pages in one statement and so with one wait for the disk. Undefined stands for one that was not stored, because
 * an article on it is no longer published, another request was quicker, or what it was ranked for is not what was served last.
 */
export async function storePages(db: Db, pages: NewPage[]): Promise<(Page | undefined)[]> {
  // All take what two may want of the same viewer and channel in one order, or two statements would wait for each other: by
  // viewer and channel, and there those that look for their numbers behind a lock before those that know them.
  const ordered = pages.toSorted(
    (a, b) =>
      (a.viewer < b.viewer ? -1 : a.viewer > b.viewer ? 1 : a.channelId - b.channelId) || Number(!!a.rankedFor) - Number(!!b.rankedFor),
  )
  const { rows } = await sql<Pick<Page, 'id' | 'stamp' | 'older' | 'madeAt'>>`
    insert into page (id, viewer, channel_id, scroll, stamp, older, asked, article_ids, sources, propensity, policy, why)
    select id, viewer, channel_id, scroll, numbers.stamp, numbers.older, case when continued is null then asked end, article_ids, sources, propensity, policy, why
      from jsonb_to_recordset(${JSON.stringify(ordered.map(asRow))}::jsonb)
             as given (id bigint, viewer text, channel_id int, scroll bigint, continued bigint, asked bigint, now bigint, retry float8, ranked_for bigint, older bigint,
                       article_ids bigint[], sources smallint[], propensity smallint[], policy smallint, why jsonb)
      cross join lateral (
        select stamp, older from next_page_numbers(viewer, channel_id, continued, asked, now, make_interval(secs => retry / 1000))
         where given.older is null
        union all
        -- After the newest page of all, the lowest number so far is its own: there is nothing to look for, and nobody to wait
        -- for. Who stores at this very moment takes the same numbers, which their table gives out once.
        select continued, given.older
         where given.ranked_for = (select id from page newest where newest.viewer = given.viewer order by made_at desc limit 1)
           and not exists (select from page sent where sent.viewer = given.viewer and sent.channel_id = given.channel_id and sent.asked = given.older)
      ) numbers
     where not exists (select from unnest(article_ids) wanted (id) left join article on article.id = wanted.id
                        where article.status is distinct from 2)
    on conflict do nothing returning id, stamp, older, extract(epoch from made_at)::float8 * 1000 as "madeAt"`.execute(db)
  const stored = new Map(rows.map(row => [row.id, row]))
  return pages.map(page => {
    const { articleIds, sources, propensity, policy, continues } = page
    const numbers = stored.get(page.id)
    return numbers && { ...numbers, scroll: continues?.scroll ?? page.id, articleIds, sources, propensity, policy }
  })
}

function asRow({
  id,
  viewer,
  channelId,
  continues,
  asked,
  retryMs,
  now,
  rankedFor,
  articleIds,
  sources,
  propensity,
  policy,
  why,
}: NewPage) {
  // Ids are written as text: JSON numbers end at 2^53.
  return {
    id: id.toString(),
    viewer,
    channel_id: channelId,
    scroll: (continues?.scroll ?? id).toString(),
    continued: continues?.stamp.toString() ?? null,
    asked,
    now,
    retry: retryMs,
    ranked_for: rankedFor?.id.toString() ?? null,
    older: rankedFor ? (rankedFor.older - 1n).toString() : null,
    article_ids: articleIds.map(String),
    sources,
    propensity,
    policy,
    why: pack(why),
  }
}

export async function whyOf(db: Db, id: PageId): Promise<Why | undefined> {
  const row = await db.selectFrom('page').select('why').where('id', '=', id).executeTakeFirst()
  return row?.why ? unpack(row.why as unknown as PackedWhy) : undefined
}

/**
 * Drops up to `most` pages that are older than `days`, or beyond the newest `perViewer` of their viewer. What was seen
 * on them is kept by day, for as long as it may not come up again. Returns how many it dropped.
 */
export async function deleteOldPages(
  db: Db,
  { days, perViewer, most }: { days: number; perViewer: number; most: number },
): Promise<number> {
  const { rows } = await sql<{ dropped: number }>`
    with old as (
      -- The oldest first, so that a page goes before its continuation, by which it is known to have been seen.
      select id from (
        (select id, made_at from page where made_at < now() - make_interval(days => ${days}) order by made_at limit ${most})
        union
        select surplus.id, surplus.made_at from (select viewer from page group by viewer having count(*) > ${perViewer} limit 10) busy
          cross join lateral (
            select id, made_at from page where page.viewer = busy.viewer and made_at < (
              select made_at from page newest where newest.viewer = busy.viewer order by made_at desc offset ${perViewer - 1} limit 1)
             order by made_at limit ${most}) surplus
      ) every_one order by made_at limit ${most}
    ), gone as (
      delete from page using old where page.id = old.id
      returning page.viewer, page.channel_id, page.older, page.article_ids, page.made_at::date as day
    ), seen as (
      select gone.viewer, day, array_agg(distinct id) as ids from gone cross join lateral unnest(article_ids) id
       where exists (select from page next where next.viewer = gone.viewer and next.channel_id = gone.channel_id and next.stamp = gone.older)
       group by gone.viewer, day
    ), kept as (
      insert into seen_day (viewer, day, article_ids) select viewer, day, ids from seen order by viewer, day
      on conflict (viewer, day) do update set article_ids = (
        select array_agg(distinct id) from unnest(seen_day.article_ids || excluded.article_ids) id)
    )
    select count(*)::int as dropped from gone`.execute(db)
  return rows[0]?.dropped ?? 0
}

/** Which of these articles readers may see now. */
export async function stillPublished(db: Db, ids: ArticleId[]): Promise<Set<ArticleId>> {
  const { rows } = await sql<{ id: ArticleId }>`select id from article where id = any(${ids}::bigint[]) and status = 2`.execute(db)
  return new Set(rows.map(row => row.id))
}

/** Whether this id is a reader's. */
export async function isReader(db: Db, id: bigint): Promise<boolean> {
  const { rows } = await sql`select from reader where id = ${id}`.execute(db)
  return rows.length > 0
}
