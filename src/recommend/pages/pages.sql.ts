// Stores served pages, and reads why they were so.

import { sql } from 'kysely'
import type { PageId } from '../../base/id.ts'
import { readerIdSql, readerKeySql } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { visibleTo } from '../../engines/database/visible.sql.ts'
import type { Position } from '../../engines/log/log-rows.sql.ts'
import { rowsAfter } from '../../engines/log/rows-after.sql.ts'
import { numberOf } from '../experiments/assignment.ts'
import { type Heard, NEWEST_PAGES, type NewPage, type Page } from './page.ts'
import { type PackedExplanation, type PageExplanation, packExplanation, unpackExplanation } from './page-explanation.ts'

type Log = 'behaviours' | 'changes'

// More of the logs than this that was not heard yet is not searched for a viewer: it counts as theirs.
const UNHEARD_MAX = 1_000

/**
 * Stores pages in one statement, so that they share one fsync. The result has undefined for a page that was not stored:
 * an article on it is no longer visible to the reader, the viewer has changed a dial, another request took its cursor, its
 * ranked buffer is stale, or there is more about the viewer than its ranking knew from memory.
 */
export async function storePages(db: Db, pages: NewPage[]): Promise<(Page | undefined)[]> {
  // Two statements take the same locks in one order, so they cannot deadlock: by viewer and channel, and within them
  // refreshes and continuations, which lock to find their cursors, before pages of a buffer, which know theirs.
  const ordered = pages.toSorted(
    (a, b) =>
      (a.viewerKey < b.viewerKey ? -1 : a.viewerKey > b.viewerKey ? 1 : a.channelId - b.channelId) ||
      Number(!!a.bufferedAfter) - Number(!!b.bufferedAfter),
  )
  const heard = heardByAll(pages)
  const { rows } = await sql<Pick<Page, 'id' | 'cursor' | 'nextCursor' | 'createdAt'>>`
    ${heard ? withUnheard(heard) : sql``}
    insert into page (id, viewer, channel_id, scroll, stamp, older, asked, article_ids, pinned_ids, sources, propensity, policy, arm, why, seen_list, seen_end, nothing_unseen_at)
    select id, viewer, channel_id, scroll, numbers.stamp, numbers.older, case when continued is null then asked end, article_ids, pinned_ids, sources, propensity, policy, arm, why, seen_list, seen_end, nothing_unseen_at
      from jsonb_to_recordset(${JSON.stringify(ordered.map(toRow))}::jsonb)
             as given (id bigint, viewer text, channel_id int, scroll bigint, continued bigint, asked bigint, now bigint, retry float8, buffered_after bigint, older bigint,
                       article_ids bigint[], pinned_ids bigint[], sources smallint[], propensity smallint[], policy smallint, arm smallint, why jsonb, seen_list bigint, seen_end int, nothing_unseen_at bigint, dials int, newest_pages bigint[], today date, seen_today int, incarnation text)
      cross join lateral (
        select stamp, older from next_page_numbers(viewer, channel_id, continued, asked, now, make_interval(secs => retry / 1000))
         where given.older is null
        union all
        -- The buffer belongs to the viewer's newest page, whose nextCursor is the lowest number so far: no search and no lock
        -- is needed. A request that stores at the same moment takes the same numbers, and the unique index admits one.
        select continued, given.older
         where given.buffered_after = (select id from page newest where newest.viewer = given.viewer order by made_at desc limit 1)
           and not exists (select from page sent where sent.viewer = given.viewer and sent.channel_id = given.channel_id and sent.asked = given.older)
      ) numbers
     where article_ids || pinned_ids <@ array(select id from ${visibleTo(sql.raw(readerIdSql('given.viewer')))} article where id = any(article_ids || pinned_ids))
       and coalesce((select version from dial where dial.viewer = given.viewer), 0) = given.dials
       ${heard ? sql`and (given.today is null or ${NOTHING_IS_MISSING})` : sql``}
    on conflict do nothing
    returning id, stamp as "cursor", older as "nextCursor", extract(epoch from made_at)::float8 * 1000 as "createdAt"`.execute(db)
  const stored = new Map(rows.map(row => [row.id, row]))
  return pages.map(({ id, continuation, articleIds, pinnedIds, sources, propensity, policy }) => {
    const row = stored.get(id)
    return row && { ...row, feedSession: continuation?.feedSession ?? id, articleIds, pinnedIds, sources, propensity, policy }
  })
}

function toRow(page: NewPage) {
  const { id, continuation, bufferedAfter } = page
  // Ids are written as text: JSON numbers end at 2^53.
  return {
    id: id.toString(),
    viewer: page.viewerKey,
    channel_id: page.channelId,
    scroll: (continuation?.feedSession ?? id).toString(),
    continued: continuation?.cursor.toString() ?? null,
    asked: page.requestedCursor,
    now: page.now,
    retry: page.retryMs,
    buffered_after: bufferedAfter?.id.toString() ?? null,
    older: bufferedAfter ? (bufferedAfter.nextCursor - 1n).toString() : null,
    article_ids: page.articleIds.map(String),
    pinned_ids: page.pinnedIds.length > 0 ? page.pinnedIds.map(String) : null,
    sources: page.sources,
    propensity: page.propensity,
    policy: page.policy,
    arm: page.arm && numberOf(page.arm),
    why: packExplanation(page.explanation),
    seen_list: page.seenPlace?.listId.toString(),
    seen_end: page.seenPlace?.end,
    nothing_unseen_at: page.seenPlace?.nothingUnseenAt,
    dials: page.dialsVersion,
    newest_pages: page.knowledge?.newestPageIds.map(String),
    today: page.knowledge?.today,
    seen_today: page.knowledge?.seenToday,
    incarnation: page.knowledge?.heard.incarnation,
  }
}

const withUnheard = ({ behaviours, changes }: Pick<Heard, Log>) => sql`
    with unheard as materialized (
      ${rowsAfter('behaviour', behaviours, sql`viewer`, UNHEARD_MAX)}
      union all ${rowsAfter('change', changes, sql`case topic when 'relations' then ${sql.raw(readerKeySql('key'))} end`, UNHEARD_MAX)}
    )`

/**
 * What was in memory is all there is; and the cursor, if it was taken for that of a refresh, is that of no page. Its stamp is looked for in
 * their order: else the planner takes the other index and reads all pages of the viewer.
 */
const NOTHING_IS_MISSING = sql`(
         given.newest_pages = array(select id from page newest where newest.viewer = given.viewer order by made_at desc, id desc limit ${sql.lit(NEWEST_PAGES)})
         and given.today = current_date
         and given.seen_today = coalesce((select cardinality(seen_day.article_ids) from seen_day where seen_day.viewer = given.viewer and day = current_date), 0)
         and given.incarnation = (select counter_epoch())
         and (select count(*) from unheard) < ${sql.lit(UNHEARD_MAX)} and not exists (select from unheard where unheard.viewer = given.viewer)
         and (continued is not null
              or given.asked is distinct from
                 (select stamp from page own where own.viewer = given.viewer and own.channel_id = given.channel_id and own.stamp >= given.asked order by stamp limit 1)
             and not exists (select from page own where own.viewer = given.viewer and own.channel_id = given.channel_id and own.older = given.asked)))`

/** The lower positions of the logs, up to which all rankings from memory had heard them. */
function heardByAll(pages: NewPage[]): Pick<Heard, Log> | undefined {
  const heard = pages.flatMap(({ knowledge }) => knowledge?.heard ?? [])
  if (heard.length === 0) return undefined
  const lowest = (log: Log) => heard.map(one => one[log]).reduce((a, b) => (isBefore(a, b) ? a : b))
  return { behaviours: lowest('behaviours'), changes: lowest('changes') }
}

function isBefore(a: Position, b: Position): boolean {
  const [x, y] = [BigInt(a.xid), BigInt(b.xid)]
  return x < y || (x === y && a.seq < b.seq)
}

export async function findPageExplanation(db: Db, id: PageId): Promise<PageExplanation | undefined> {
  const row = await db.selectFrom('page').select('why').where('id', '=', id).executeTakeFirst()
  return row?.why ? unpackExplanation(row.why as unknown as PackedExplanation) : undefined
}
