// Makes notices from events. An event says where to look; what is told is what the rows say now. So an event that comes twice,
// or whose fact was undone meanwhile, does no harm.

import { sql } from 'kysely'
import type { Tx } from '../../engines/database/database.ts'

export interface EventRow {
  kind: string
  actor_id: string
  target_id: string
}

/** Any number that no other advisory lock of this database uses. */
const NOTICE_LOCK = 7_100_040

/** Until the end of the transaction no other process writes notices, so their ids grow in the order of commits. */
export async function lockNotices(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${NOTICE_LOCK})`.execute(tx)
}

const given = (events: EventRow[]) => sql`
  select kind, actor_id, target_id, min(place) as place
    from unnest(${events.map(each => each.kind)}::text[], ${events.map(each => each.actor_id)}::bigint[], ${events.map(each => each.target_id)}::bigint[])
      with ordinality event (kind, actor_id, target_id, place) group by 1, 2, 3`

// Which reader is to be told what, and whether it is still true. The author of a comment that is answered is told of the answer; if it
// is their article too, only once.
const facts = sql`
  select 'like' as kind, event.actor_id, article.author_id as reader_id, article.id as subject_id, article.id as article_id,
         exists (select from attitude a where a.reader_id = event.actor_id and a.article_id = article.id and a.value = 1) as holds, place
    from happened event join article on article.id = event.target_id where event.kind = 'like'
  union all
  select 'follow', event.actor_id, event.target_id, 0, null,
         exists (select from following f where f.reader_id = event.actor_id and f.creator_id = event.target_id), place
    from happened event join reader on reader.id = event.target_id where event.kind = 'follow'
  union all
  select 'comment', comment.author_id, article.author_id, comment.id, article.id, comment.status = 1, place
    from happened event join comment on comment.id = event.target_id join article on article.id = comment.article_id where event.kind = 'comment'
  union all
  select 'reply', comment.author_id, parent.author_id, comment.id, article.id, comment.status = 1, place
    from happened event join comment on comment.id = event.target_id join comment parent on parent.id = comment.parent_id
         join article on article.id = comment.article_id
   where event.kind = 'comment' and parent.author_id <> article.author_id
  union all
  select 'comment-like', event.actor_id, comment.author_id, comment.id, comment.article_id,
         exists (select from comment_liking l where l.reader_id = event.actor_id and l.comment_id = comment.id), place
    from happened event join comment on comment.id = event.target_id where event.kind = 'comment-like'`

/** It moves to the end of the log, so that open pages learn the new unread count. */
export const withdrawn = sql`withdrawn = true, xid = pg_current_xact_id()`
/** The same. If it was not read it gets a new id as well: a client that asks for what is newer than the last one it saw gets it. */
export const bringBack = sql`
  on conflict (reader_id, kind, subject_id, actor_id) do update
    set withdrawn = false, came_back = true, xid = excluded.xid, seq = case when notice.read_at is null then excluded.seq else notice.seq end
    where notice.withdrawn`

/** Inserts notices, and withdraws those whose fact was undone. A fact that returns brings its notice back. */
export async function makeNotices(tx: Tx, events: EventRow[]): Promise<void> {
  await sql`
    with happened as materialized (${given(events)}), fact as materialized (${facts}),
    made as (
      insert into notice (reader_id, kind, actor_id, subject_id, article_id)
      select fact.reader_id, fact.kind, fact.actor_id, subject_id, article_id from fact
        left join notice_setting setting on setting.reader_id = fact.reader_id
       where holds and fact.reader_id <> fact.actor_id and fact.kind <> all (coalesce(setting.muted, '{}'))
         and not exists (select from blocking b where (b.reader_id, b.blocked_id) in
               ((fact.reader_id, fact.actor_id), (fact.actor_id, fact.reader_id)))
       order by place
      ${bringBack}
    )
    update notice set ${withdrawn} from fact
     where not holds and not withdrawn and notice.reader_id = fact.reader_id and notice.kind = fact.kind
       and notice.subject_id = fact.subject_id and notice.actor_id = fact.actor_id`.execute(tx)
}

/** What two readers told each other is over when one blocks the other. */
export async function withdrawBetweenBlocked(tx: Tx, events: EventRow[]): Promise<void> {
  await sql`
    with happened as (${given(events)}), pair as (
      select actor_id as reader_id, target_id as actor_id from happened where kind = 'block'
      union select target_id, actor_id from happened where kind = 'block')
    update notice set ${withdrawn} from pair
     where notice.reader_id = pair.reader_id and notice.actor_id = pair.actor_id and not withdrawn
       and exists (select from blocking b where (b.reader_id, b.blocked_id) in ((pair.reader_id, pair.actor_id), (pair.actor_id, pair.reader_id)))`.execute(
    tx,
  )
}

/** Notes the articles whose followers are to be told, or whose notices are to be withdrawn. An article of yesterday is no news. */
export async function startFanouts(tx: Tx, events: EventRow[]): Promise<void> {
  await sql`
    with happened as (${given(events)})
    insert into notice_fanout (article_id, due_at, withdraws)
    select article.id, article.published_at, article.status <> 2 from happened event join article on article.id = event.target_id
     where event.kind = 'publish' and (article.status <> 2 or article.published_at > now() - interval '1 day')
    on conflict (article_id) do update
      set due_at = excluded.due_at, withdraws = excluded.withdraws, after_at = 'infinity', after_id = 0`.execute(tx)
}
