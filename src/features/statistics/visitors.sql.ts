// How many visitors each hour or day had. One that is over is counted once and kept: 400 days of ten thousand visitors are four
// million rows of `visit`, too many to count whenever an administrator opens the dashboard.

import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../engines/database/database.ts'
import type { Visit } from './visits.sql.ts'

type Kind = Visit['kind']

/** The hours or days from `begin` on, before `end`: local times of `zone`. */
export interface Period {
  unit: 'hour' | 'day'
  begin: string
  end: string
  zone: string
}

export interface Bucket {
  /** As clocks of the site show it: 2019-11-05 09:00:00. */
  bucket: string
  count: number
}

/** By then every process has written the visits of a bucket. */
const FINISHED = sql`ends_at <= now() - interval '1 hour'`
const BATCH = 24 // buckets of a statement: a quarter of a second for days of ten thousand visitors

const bucketsOf = ({ unit, begin, end, zone }: Period) => {
  const step = sql.lit(unit === 'hour' ? '1 hour' : '1 day')
  return sql`
    select slot, slot at time zone ${zone} as starts_at, (slot + interval ${step}) at time zone ${zone} as ends_at
      from generate_series(${begin}::timestamp, ${end}::timestamp - interval ${step}, interval ${step}) slot`
}

/**
 * A visitor has one row for each day of UTC, with a bit for each hour: who has one of the bucket's bits came in it. A bucket reaches
 * over at most two of those days, and whoever came on both counts twice. Each day is read once, however many buckets it has.
 */
const counted = (kind: Kind, buckets: RawBuilder<unknown>) => sql`
  with asked as (
    select starts_at, ends_at, (hour at time zone 'UTC')::date as day, bit_or(1 << extract(hour from hour at time zone 'UTC')::int) as hours
      from (${buckets}) bucket cross join generate_series(date_trunc('hour', starts_at), ends_at, interval '1 hour') hour
     where hour >= starts_at and hour < ends_at group by 1, 2, 3
  )
  select starts_at, ends_at, count(came.hours)::int as visitors
    from asked left join (
      select days.day, came.hours from (select distinct day from asked) days
       cross join lateral (select hours from visit where visit.day = days.day and kind = ${sql.lit(kind)} offset 0) came
    ) came on came.day = asked.day and came.hours & asked.hours <> 0 group by 1, 2`

/** Counts finished buckets that are not kept yet, at most a batch, since the first visit. */
async function countMissing(db: Db, kind: Kind, period: Period): Promise<object[]> {
  const missing = sql`
    select starts_at, ends_at from (${bucketsOf(period)}) bucket
     where ${FINISHED} and starts_at < ends_at and ends_at > (select min(day)::timestamp at time zone 'UTC' from visit where kind = ${sql.lit(kind)})
       and not exists (select from visitor_count kept where kind = ${sql.lit(kind)} and kept.starts_at = bucket.starts_at and kept.ends_at = bucket.ends_at)
     order by starts_at limit ${sql.lit(BATCH)}`
  return (await sql<object>`${counted(kind, missing)} order by 1, 2`.execute(db)).rows
}

async function keep(db: Db, kind: Kind, counts: object[]): Promise<void> {
  await sql`
    insert into visitor_count (kind, starts_at, ends_at, visitors)
    select ${kind}, starts_at, ends_at, visitors
      from json_to_recordset(${JSON.stringify(counts)}::json) given (starts_at timestamptz, ends_at timestamptz, visitors int)
    on conflict do nothing`.execute(db)
}

export async function countVisitors(db: Db, kind: Kind, period: Period): Promise<Bucket[]> {
  for (let counts: object[] = []; ; ) {
    counts = await countMissing(db, kind, period)
    if (counts.length > 0) await keep(db, kind, counts)
    if (counts.length < BATCH) break
  }
  const { rows } = await sql<Bucket>`
    with bucket as (${bucketsOf(period)}), live as (${counted(kind, sql`select starts_at, ends_at from bucket where not (${FINISHED}) and starts_at <= now()`)})
    select to_char(slot, 'YYYY-MM-DD HH24:MI:SS') as bucket, coalesce(live.visitors, kept.visitors, 0) as count
      from bucket left join live using (starts_at, ends_at)
      left join visitor_count kept on kind = ${sql.lit(kind)} and kept.starts_at = bucket.starts_at and kept.ends_at = bucket.ends_at
     order by slot`.execute(db)
  return rows
}

/** Of all days that are kept, and how many days there are since the first. */
export async function countAllVisitors(db: Db, kind: Kind, zone: string): Promise<{ total: number; days: number }> {
  const { rows } = await sql<{ begin: string | null; end: string }>`
    select to_char(least((select min(day)::timestamp at time zone 'UTC' from visit where kind = ${sql.lit(kind)}), (select min(starts_at) from visitor_count where kind = ${sql.lit(kind)}))
                   at time zone ${zone}, 'YYYY-MM-DD') as begin,
           to_char((now() at time zone ${zone})::date + 1, 'YYYY-MM-DD') as end`.execute(db)
  const { begin, end } = rows[0] as { begin: string | null; end: string }
  if (begin === null) return { total: 0, days: 0 }
  const days = await countVisitors(db, kind, { unit: 'day', begin, end, zone })
  const first = days.findIndex(({ count }) => count > 0)
  return { total: days.reduce((sum, { count }) => sum + count, 0), days: first < 0 ? 0 : days.length - first }
}

/** Deletes up to `limit` counts older than so many days; returns how many. */
export async function deleteOldVisitorCounts(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from visitor_count where (kind, starts_at, ends_at) in (
      select kind, starts_at, ends_at from visitor_count where ends_at < current_date - ${days}::int limit ${limit})`.execute(db)
  return Number(numAffectedRows)
}
