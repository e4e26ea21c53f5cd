import { sql } from 'kysely'
import type { Db } from '../../engines/database/database.ts'

/** For how many days behaviours are rows of their own. An import takes none that are older: it might have added them before. */
export const KEPT_DAYS = { exposure: 30, other: 400 }

/**
 * Adds up to `limit` behaviours that are older than KEPT_DAYS to the figures of their day and deletes them, in one transaction: no
 * count changes. Returns how many.
 */
export async function rollUpBehaviours(db: Db, limit: number): Promise<number> {
  const older = (days: number) => sql`at < now() - make_interval(days => ${days})`
  const { rows } = await sql<{ added: number }>`
    with gone as (
      delete from behaviour where id = any(array(
        (select id from behaviour where action = 'exposure' and ${older(KEPT_DAYS.exposure)} order by at limit ${limit})
        union all
        (select id from behaviour where action <> 'exposure' and ${older(KEPT_DAYS.other)} order by at limit ${limit})
        limit ${limit}))
      returning article_id, (at at time zone 'UTC')::date as day, action, from_channel
    ), added as (
      insert into behaviour_day (article_id, day, action, from_channel, behaviours)
      select article_id, day, action, from_channel, count(*) from gone group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (article_id, day, action, from_channel) do update set behaviours = behaviour_day.behaviours + excluded.behaviours
    )
    select count(*)::int as added from gone`.execute(db)
  return rows[0]?.added ?? 0
}

/** Deletes up to `limit` refused events older than `days` or beyond the newest `keep`; returns how many. */
export async function deleteOldRefusals(db: Db, { days, keep, limit }: { days: number; keep: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from behaviour_refused where id = any(array(
      select id from behaviour_refused
       where at < now() - make_interval(days => ${days})
          or id <= (select id from behaviour_refused order by id desc offset ${keep} limit 1)
       order by id limit ${limit}))`.execute(db)
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
