// What readers reported and no editor has decided about yet, by what it is about.

import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { OffsetLimit } from '../../http/paging.ts'

export type ReportKind = 'article' | 'comment' | 'message'

export interface ReportedThing {
  kind: ReportKind
  target_id: bigint
  /** The title, the comment or the message. */
  text: string
  author_id: ReaderId
  author_name: string
  reports: number
  /** The contract's numbers of what is wrong, each once. */
  types: number[]
  remarks: string[]
  first_at: Date
}

const REMARKS_SHOWN = 5

const WAITING = sql`
  select 'article' as kind, article_id as target_id, type, remark, at from report where handled_at is null
  union all select 'comment', comment_id, type, remark, at from comment_report where handled_at is null
  union all select 'message', message_id, type, remark, at from chat_report where handled_at is null`

/** What most readers reported first. */
export async function listReported(db: Db, { offset, limit }: OffsetLimit): Promise<ListPage<ReportedThing>> {
  const { rows, total } = await readListPage(db, {
    total: sql`select count(distinct (kind, target_id))::int as total from (${WAITING}) waiting`,
    rows: sql<ReportedThing>`
      select kind, target_id, coalesce(title, comment.content, message.content) as text, reader.id as author_id, reader.name as author_name, reports, types, remarks, first_at
        from (select kind, target_id, count(*)::int as reports, array_agg(distinct type order by type) as types, min(at) as first_at,
                     (array_agg(remark order by at desc) filter (where remark is not null))[1:${sql.lit(REMARKS_SHOWN)}] as remarks
                from (${WAITING}) waiting group by kind, target_id order by reports desc, first_at, target_id offset ${offset} limit ${limit}) reported
        left join article on kind = 'article' and article.id = target_id
        left join comment on kind = 'comment' and comment.id = target_id
        left join chat_message message on kind = 'message' and message.id = target_id
        join reader on reader.id = coalesce(article.author_id, comment.author_id, message.sender_id)
       order by reports desc, first_at, target_id`,
  })
  return { rows: rows.map(row => ({ ...row, remarks: row.remarks ?? [] })), total }
}

/** Returns how many reports of it were waiting, and are handled now. */
export async function handleReports(tx: Tx, kind: ReportKind, id: bigint): Promise<number> {
  const statements = {
    article: sql`update report set handled_at = now() where article_id = ${id} and handled_at is null`,
    comment: sql`update comment_report set handled_at = now() where comment_id = ${id} and handled_at is null`,
    message: sql`update chat_report set handled_at = now() where message_id = ${id} and handled_at is null`,
  }
  const { numAffectedRows } = await statements[kind].execute(tx)
  return Number(numAffectedRows)
}
