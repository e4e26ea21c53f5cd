import { sql } from 'kysely'
import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { QuietHours } from './quiet-hours.ts'

export const NOTICE_KINDS = ['like', 'follow', 'comment', 'reply', 'comment-like', 'article'] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

export interface NoticeRow {
  seq: bigint
  reader_id: ReaderId
  kind: NoticeKind
  /** Null if the reader who did it is gone. */
  actor_id: ReaderId | null
  actor_name: string
  actor_photo: string | null
  article_id: ArticleId | null
  article_title: string | null
  comment_id: CommentId | null
  comment_text: string | null
  at: Date
  is_read: boolean
}

const EXCERPT_LENGTH = 100 // two lines on a phone

const columns = sql`
  n.seq, n.reader_id, n.kind, actor.id as actor_id, coalesce(actor.name, '') as actor_name, actor.photo as actor_photo,
  article.id as article_id, article.title as article_title,
  comment.id as comment_id, left(comment.content, ${sql.lit(EXCERPT_LENGTH)}) as comment_text, n.at, n.read_at is not null as is_read`

// `left`: what a notice is about may be gone while the notice still counts as unread.
const parts = sql`
  left join reader actor on actor.id = n.actor_id
  left join published_article article on article.id = n.article_id
  left join comment on comment.id = n.subject_id and n.kind in ('comment', 'reply', 'comment-like') and comment.status = 1`

/** Up to `limit` notices with a larger id, the oldest first. */
export async function listNoticesAfter(db: Db, readerId: ReaderId, after: bigint, limit: number): Promise<NoticeRow[]> {
  const { rows } = await sql<NoticeRow>`
    select ${columns} from (select * from notice where reader_id = ${readerId} and seq > ${after} and not withdrawn order by seq limit ${limit}) n
      ${parts} order by n.seq`.execute(db)
  return rows
}

export interface NoticeGroupRow extends NoticeRow {
  /** How many notices are in the group, of which this is the newest. */
  size: number
  /** The newest actors, the newest first. */
  actors: { id: string; name: string; photo: string | null }[]
}

/** Likes of one thing are a group, and so are the followers of a day. */
const groupKey = sql`
  case kind when 'like' then 'like ' || subject_id when 'comment-like' then 'comment-like ' || subject_id
            when 'follow' then 'follow ' || at::date else seq::text end`

/** Groups are made of the newest `window` notices. A group's id is that of its newest notice. */
export async function listNoticeGroups(
  db: Db,
  readerId: ReaderId,
  { before, window, limit }: { before: bigint | null; window: number; limit: number },
): Promise<NoticeGroupRow[]> {
  const { rows } = await sql<NoticeGroupRow>`
    with recent as (
      select *, ${groupKey} as key from notice where reader_id = ${readerId} and not withdrawn order by seq desc limit ${window}
    ), n as (
      select max(seq) as seq, count(*)::int as size, (array_agg(actor_id order by seq desc))[1:3] as actor_ids, bool_and(read_at is not null) as all_read
        from recent group by key
      having ${before}::bigint is null or max(seq) < ${before}::bigint
       order by 1 desc limit ${limit}
    ), newest as (
      select recent.*, n.size, n.actor_ids, n.all_read from n join recent using (seq)
    )
    select ${columns}, n.all_read as is_read, n.size,
           (select json_agg(json_build_object('id', r.id::text, 'name', r.name, 'photo', r.photo) order by ids.place)
              from unnest(n.actor_ids) with ordinality ids (id, place) join reader r on r.id = ids.id) as actors
      from newest n ${parts} order by n.seq desc`.execute(db)
  return rows
}

export async function countUnread(db: Db, readerId: ReaderId): Promise<number> {
  const { rows } = await sql<{ unread: number }>`
    select count(*)::int as unread from notice where reader_id = ${readerId} and read_at is null and not withdrawn`.execute(db)
  return rows[0]?.unread ?? 0
}

/** What a push says of a reader's inbox, and when none may be sent. */
export interface InboxState extends QuietHours {
  unread: number
  /** The id of the newest notice, or 0. */
  last_id: bigint
}

export async function inboxStatesOf(db: Db, readerIds: ReaderId[]): Promise<Map<ReaderId, InboxState>> {
  const { rows } = await sql<InboxState & { id: ReaderId }>`
    select r.id, setting.quiet_from, setting.quiet_to,
           (select count(*)::int from notice where reader_id = r.id and read_at is null and not withdrawn) as unread,
           coalesce((select max(seq) from notice where reader_id = r.id and not withdrawn), 0) as last_id
      from unnest(${readerIds}::bigint[]) r (id) left join notice_setting setting on setting.reader_id = r.id`.execute(db)
  return new Map(rows.map(({ id, ...state }) => [id, state]))
}

/** Marks up to `limit` notices as read, those with an id up to `upTo`. Returns how many. */
export async function markRead(db: Db, readerId: ReaderId, upTo: bigint, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update notice set read_at = now() where (reader_id, seq) in (
      select reader_id, seq from notice where reader_id = ${readerId} and seq <= ${upTo} and read_at is null and not withdrawn limit ${limit})`.execute(
    db,
  )
  return Number(numAffectedRows)
}

/** Of a row `n`. An article may be hidden before its notice is withdrawn. */
export const isNews = sql`
  not n.withdrawn and not n.came_back and n.read_at is null
  and (n.kind <> 'article' or exists (select from published_article a where a.id = n.article_id))`

/** The rows that are news, in the order of their ids: not those that were withdrawn or read meanwhile, or have come back. */
export async function listNews(db: Db, seqs: { reader_id: ReaderId; seq: bigint }[]): Promise<NoticeRow[]> {
  const { rows } = await sql<NoticeRow>`
    select ${columns}
      from unnest(${seqs.map(each => each.reader_id)}::bigint[], ${seqs.map(each => each.seq)}::bigint[]) wanted (reader_id, seq)
      join notice n on n.reader_id = wanted.reader_id and n.seq = wanted.seq
      ${parts}
     where ${isNews} order by n.seq`.execute(db)
  return rows
}

/** Deletes up to `limit` notices of before `days` ago, and returns how many. */
export async function deleteOldNotices(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from notice where ctid in (
      select ctid from (select ctid, at from notice order by xid, seq limit ${limit}) oldest where at < now() - make_interval(days => ${days}))`.execute(
    db,
  )
  return Number(numAffectedRows)
}
