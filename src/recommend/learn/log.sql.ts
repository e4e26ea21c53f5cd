// Reads the two logs that the learner follows as one: pages and behaviours, by transaction, and in it the pages first. As
// engines/log/log-rows.sql.ts explains, only rows of transactions below the oldest running one are read.

import { type RawBuilder, sql } from 'kysely'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { unseenPosition } from '../../engines/database/unseen.ts'
import { isKnownSql } from '../catalogue/catalogue.sql.ts'
import type { LogEntry } from './log-entry.ts'

/** Everything up to it is learned. Each log counts its own rows. */
export interface LearnerPosition {
  xid: string
  pageSeq: string
  behaviourSeq: string
}

/** What a page and a behaviour have in common is in the same columns. */
const PAGE_COLUMNS = sql`'page' as kind, xid, seq as "pageSeq", 0::bigint as "behaviourSeq", id, viewer, made_at as at, channel_id as "channelId",
  case when scroll <> id then stamp end as "continues", older as "nextCursor", article_ids as "articleIds",
  null::text as action, null::bigint as "articleId", null::bigint as "pageId", null::int as "dwellMs",
  ${isKnownSql('page.viewer', 'page.made_at')} as "isKnown"`
/** An exposure on no page of ours teaches nothing, so its viewer is not looked up: imported histories are full of them. */
const BEHAVIOUR_COLUMNS = sql`'behaviour' as kind, xid, 9223372036854775807 as "pageSeq", seq as "behaviourSeq",
  null::bigint as id, viewer, at, null::int as "channelId",
  null::bigint as "continues", null::bigint as "nextCursor", null::bigint[] as "articleIds",
  action, article_id as "articleId", page_id as "pageId", dwell_ms as "dwellMs",
  (action <> 'exposure' or page_id is not null) and ${isKnownSql('behaviour.viewer', 'behaviour.at')} as "isKnown"`

const ENTRY = sql`kind, id, viewer, extract(epoch from at)::float8 * 1000 as at, "channelId", "continues", "nextCursor", "articleIds", action, "articleId",
  "pageId", "dwellMs", "isKnown"`
/** Behaviours that differ by their article alone, such as the exposures of a page, are one row with all articles and their places in the log. */
const ALIKE = sql`xid, kind, id, viewer, at, "channelId", "continues", "nextCursor", action, "pageId", "dwellMs", "isKnown"`

interface Read {
  /** How many were read. */
  count: number
  /** The last of them. */
  last: LearnerPosition | null
  xmin: string
  xmax: string
  lineage: string
}

/** Up to `limit` entries after a position, without those that teach nothing, and the end of the log in the same snapshot. */
export async function readEntriesAfter(
  db: Db,
  { xid, pageSeq, behaviourSeq }: LearnerPosition,
  limit: number,
): Promise<Read & { entries: LogEntry[] }> {
  const isNext = (seq: string) => sql`
    (xid, seq) > ${unseenPosition(xid, seq)} and xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid, seq limit ${sql.lit(limit)}`
  const { rows } = await sql<Read & { articleIds: ArticleId[]; places: number[] } & (LogEntry | { kind: null })>`
    with logs as materialized (
      select *, row_number() over (order by xid, "pageSeq", "behaviourSeq")::int as place from (
        (select ${PAGE_COLUMNS} from page where ${isNext(pageSeq)}) union all (select ${BEHAVIOUR_COLUMNS} from behaviour where ${isNext(behaviourSeq)})
      ) both_logs order by place limit ${sql.lit(limit)}
    )
    select pg_snapshot_xmin(s) as xmin, pg_snapshot_xmax(s) as xmax, (select log_lineage()) as lineage, (select count(*)::int from logs) as count,
           (select json_build_object('xid', xid::text, 'pageSeq', "pageSeq"::text, 'behaviourSeq', "behaviourSeq"::text)
              from logs order by place desc limit 1) as last, places, ${ENTRY}
      from pg_current_snapshot() s left join (
        select ${ALIKE}, null as "articleId", coalesce("articleIds", array_agg("articleId")) as "articleIds", array_agg(place) as places
          from logs where kind = 'page' or action <> 'exposure' or "pageId" is not null group by ${ALIKE}, "articleIds"
      ) alike on true`.execute(db)
  const { count, last, xmin, xmax, lineage } = rows[0] as (typeof rows)[number]
  const entries: LogEntry[] = [] // with holes where an entry teaches nothing
  for (const row of rows)
    if (row.kind !== null)
      for (const [i, place] of row.places.entries())
        entries[place - 1] = row.kind === 'page' ? row : { ...row, articleId: row.articleIds[i] as ArticleId }
  return { entries: entries.filter(() => true), count, last, xmin, xmax, lineage }
}

export interface TimeCursor {
  /** Milliseconds since 1970. */
  at: number
  seq: string
}

/**
 * Entries of the last `days` whose transaction is below `before`, in order of time. Rows of a restored database may have higher
 * ids; the log will not bring them.
 */
export async function listEntriesByTime(
  db: Db,
  { days, before, after, limit }: { days: number; before: string; after: TimeCursor; limit: number },
): Promise<(LogEntry & { seq: string })[]> {
  const since = sql`to_timestamp(${after.at / 1000}::float8)`
  // Pages have even numbers here and behaviours odd ones, so that a moment is no place to get lost in.
  const isBelow = sql`(xid is null or xid < ${before}::xid8 or xid >= pg_snapshot_xmax(pg_current_snapshot()))`
  const branch = (columns: RawBuilder<unknown>, table: string, time: string, number: RawBuilder<unknown>, only: RawBuilder<unknown>) => sql`
    (select ${columns}, ${number} as number from ${sql.table(table)}
      where ${sql.ref(time)} > now() - make_interval(days => ${days}) and ${sql.ref(time)} >= ${since}
        and (${sql.ref(time)}, ${number}) > (${since}, ${after.seq}::bigint) and ${isBelow} and ${only}
      order by ${sql.ref(time)}, ${number} limit ${limit})`
  const odd = sql`seq * 2 + 1`
  const { rows } = await sql<LogEntry & { seq: string }>`
    select ${ENTRY}, number::text as seq from (
      ${branch(PAGE_COLUMNS, 'page', 'made_at', sql`id * 2`, sql`true`)}
      union all ${branch(BEHAVIOUR_COLUMNS, 'behaviour', 'at', odd, sql`action = 'exposure'`)}
      union all ${branch(BEHAVIOUR_COLUMNS, 'behaviour', 'at', odd, sql`action <> 'exposure'`)}
    ) logs order by logs.at, logs.number limit ${limit}`.execute(db)
  return rows
}

/** From where on, in milliseconds since 1970, there are at most `limit` clicks. */
export async function findClicksSince(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ at: number }>`
    select extract(epoch from at)::float8 * 1000 as at from behaviour where action <> 'exposure' order by at desc offset ${limit} limit 1`.execute(
    db,
  )
  return rows[0]?.at ?? 0
}
