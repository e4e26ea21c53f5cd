import { sql } from 'kysely'
import type { Db } from '../../engines/database/database.ts'

export interface Visit {
  /** YYYY-MM-DD, UTC. */
  day: string
  /** `searcher`: a viewer who searched. */
  kind: 'address' | 'viewer' | 'searcher'
  /** In hexadecimal. */
  who: string
  /** One bit for each hour. */
  hours: number
}

/** Adds to what other processes have counted. Rows are in the order of the key, so that two processes do not wait for each other in a circle. */
export async function addVisits(db: Db, visits: Visit[]): Promise<void> {
  await sql`
    insert into visit (day, kind, who, hours)
    select day, kind, decode(who, 'hex'), hours from json_to_recordset(${JSON.stringify(visits)}::json) given (day date, kind text, who text, hours int)
     order by day, kind, who
    on conflict (day, kind, who) do update set hours = visit.hours | excluded.hours`.execute(db)
}

export async function addRequests(db: Db, hours: { hour: string; requests: number; searches: number }[]): Promise<void> {
  await sql`
    insert into request_hour (hour, requests, searches)
    select hour, requests, searches from json_to_recordset(${JSON.stringify(hours)}::json) given (hour timestamptz, requests bigint, searches bigint) order by hour
    on conflict (hour) do update set requests = request_hour.requests + excluded.requests, searches = request_hour.searches + excluded.searches`.execute(
    db,
  )
}

/** Deletes up to `limit` visits older than so many days; returns how many. */
export async function deleteOldVisits(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from visit where (day, kind, who) in (select day, kind, who from visit where day < current_date - ${days}::int limit ${limit})`.execute(
    db,
  )
  return Number(numAffectedRows)
}
