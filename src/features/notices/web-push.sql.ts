import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { isNews } from './notices.sql.ts'
import type { QuietHours } from './quiet-hours.ts'

export interface Subscription {
  endpoint: string
  p256dh: string
  auth: string
}

/**
 * Stores a subscription; one that exists moves to this reader. Its failures are forgotten, because the
 * browser that sends it is there. Beyond `max` of a reader, the oldest go.
 */
export async function saveSubscription(db: Db, readerId: ReaderId, { endpoint, p256dh, auth }: Subscription, max: number): Promise<void> {
  await sql`
    with saved as (
      insert into web_push_subscription (reader_id, endpoint, p256dh, auth) select id, ${endpoint}, ${p256dh}, ${auth} from reader where id = ${readerId}
      on conflict (endpoint) do update
        set reader_id = excluded.reader_id, p256dh = excluded.p256dh, auth = excluded.auth, failures = 0, failing_since = null
    )
    delete from web_push_subscription where id in (
      select id from web_push_subscription where reader_id = ${readerId} and endpoint <> ${endpoint} order by id desc offset ${max - 1})`.execute(
    db,
  )
}

export async function removeSubscription(db: Db, readerId: ReaderId, endpoint: string): Promise<void> {
  await sql`delete from web_push_subscription where reader_id = ${readerId} and endpoint = ${endpoint}`.execute(db)
}

export interface DuePush extends Subscription, QuietHours {
  id: string
  kind: string
}

/** What to send for those of these notices that are news. */
export async function listDuePushes(db: Db, notices: { reader_id: ReaderId; seq: bigint }[]): Promise<DuePush[]> {
  const { rows } = await sql<DuePush>`
    select n.seq::text as id, n.kind, s.endpoint, s.p256dh, s.auth, setting.quiet_from, setting.quiet_to
      from unnest(${notices.map(each => each.reader_id)}::bigint[], ${notices.map(each => each.seq)}::bigint[]) wanted (reader_id, seq)
      join notice n on n.reader_id = wanted.reader_id and n.seq = wanted.seq
      join web_push_subscription s on s.reader_id = n.reader_id
      left join notice_setting setting on setting.reader_id = n.reader_id
     where ${isNews} order by n.seq`.execute(db)
  return rows
}

/** A push service that is away for a day, or a browser that gets few messages, is worth more tries. */
const FAILURES_MAX = 20
const FAILING_DAYS = 3

/** `gone`: the push service says that the browser has unsubscribed. */
export async function noteOutcome(db: Db, endpoint: string, outcome: 'sent' | 'failed' | 'gone'): Promise<void> {
  if (outcome === 'sent')
    await sql`update web_push_subscription set failures = 0, failing_since = null where endpoint = ${endpoint} and failures > 0`.execute(db)
  else if (outcome === 'gone') await sql`delete from web_push_subscription where endpoint = ${endpoint}`.execute(db)
  else {
    await sql`
      update web_push_subscription set failures = failures + 1, failing_since = coalesce(failing_since, now())
       where endpoint = ${endpoint}`.execute(db)
    await sql`
      delete from web_push_subscription
       where endpoint = ${endpoint} and failures >= ${FAILURES_MAX} and failing_since < now() - make_interval(days => ${FAILING_DAYS})`.execute(
      db,
    )
  }
}
