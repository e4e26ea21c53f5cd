// Stores served pages, and reads why they were so.

import { sql } from 'kysely'
import type { PageId } from '../../base/id.ts'
import { readerIdSql } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { visibleTo } from '../../engines/database/visible.sql.ts'
import { numberOf } from '../experiments/assignment.ts'
import type { NewPage, Page } from './page.ts'
import { type PackedExplanation, type PageExplanation, packExplanation, unpackExplanation } from './page-explanation.ts'

/**
 * Stores pages in one statement, so that they share one fsync. The result has undefined for a page that was not stored:
 * an article on it is no longer visible to the reader, the viewer has changed a dial, another request took its cursor, or its
 * ranked buffer is stale.
 */
export async function storePages(db: Db, pages: NewPage[]): Promise<(Page | undefined)[]> {
  // Two statements take the same locks in one order, so they cannot deadlock: by viewer and channel, and within them
  // refreshes and continuations, which lock to find their cursors, before pages of a buffer, which know theirs.
  const ordered = pages.toSorted(
    (a, b) =>
      (a.viewerKey < b.viewerKey ? -1 : a.viewerKey > b.viewerKey ? 1 : a.channelId - b.channelId) ||
      Number(!!a.bufferedAfter) - Number(!!b.bufferedAfter),
  )
  const { rows } = await sql<Pick<Page, 'id' | 'cursor' | 'nextCursor' | 'createdAt'>>`
    insert into page (id, viewer, channel_id, scroll, stamp, older, asked, article_ids, pinned_ids, sources, propensity, policy, arm, why, seen_list, seen_end, nothing_unseen_at)
    select id, viewer, channel_id, scroll, numbers.stamp, numbers.older, case when continued is null then asked end, article_ids, pinned_ids, sources, propensity, policy, arm, why, seen_list, seen_end, nothing_unseen_at
      from jsonb_to_recordset(${JSON.stringify(ordered.map(toRow))}::jsonb)
             as given (id bigint, viewer text, channel_id int, scroll bigint, continued bigint, asked bigint, now bigint, retry float8, buffered_after bigint, older bigint,
                       article_ids bigint[], pinned_ids bigint[], sources smallint[], propensity smallint[], policy smallint, arm smallint, why jsonb, seen_list bigint, seen_end int, nothing_unseen_at bigint, dials int)
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
  }
}

export async function findPageExplanation(db: Db, id: PageId): Promise<PageExplanation | undefined> {
  const row = await db.selectFrom('page').select('why').where('id', '=', id).executeTakeFirst()
  return row?.why ? unpackExplanation(row.why as unknown as PackedExplanation) : undefined
}
