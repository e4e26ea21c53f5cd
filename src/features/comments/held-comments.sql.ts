// Comments that wait for an editor, and those that an editor takes away.

import { sql } from 'kysely'
import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { AdminPage } from '../../http/admin-lists.ts'

export interface HeldComment {
  id: CommentId
  content: string
  created_at: Date
  author_id: ReaderId
  author_name: string
  article_id: ArticleId
  article_title: string
  /** The words that held it. */
  words: string[]
}

/** Those that have waited longest first. */
export async function listHeldComments(db: Db, { offset, limit, newestFirst }: AdminPage): Promise<ListPage<HeldComment>> {
  return readListPage(db, {
    total: sql`select count(*)::int as total from comment where status = 0`,
    rows: sql<HeldComment>`
      select comment.id, content, comment.created_at, comment.author_id, reader.name as author_name, article_id, title as article_title,
             coalesce((select words from moderation_hit where subject = 'comment' and subject_id = comment.id order by id desc limit 1), '{}') as words
        from comment join reader on reader.id = comment.author_id join article on article.id = article_id where comment.status = 0
       order by comment.id ${newestFirst ? sql`desc` : sql`asc`} offset ${offset} limit ${limit}`,
  })
}

export interface DecidedComment {
  id: CommentId
  author_id: ReaderId
}

/** Those of them that wait are shown from now on, or refused; returns these. Of two decisions at the same moment the second finds none. */
export async function decideHeldComments(tx: Tx, ids: CommentId[], approve: boolean): Promise<DecidedComment[]> {
  const { rows } = await sql<DecidedComment>`
    update comment set status = ${approve ? 1 : 2}::smallint
     where id = any(array(select id from comment where id = any(${ids}::bigint[]) and status = 0 order by id for update))
    returning id, author_id`.execute(tx)
  return rows
}

/**
 * Takes a comment away, with its replies. One that its author has deleted no longer can be restored either. Undefined if readers
 * did not see it and could not have again.
 */
export async function refuseComment(tx: Tx, id: CommentId): Promise<DecidedComment | undefined> {
  const { rows } = await sql<DecidedComment>`
    with refused as (
      update comment set status = 2, withdrawn_at = null
       where (id = ${id} or parent_id = ${id}) and (status = 1 or status = 3 and withdrawn_at is not null) returning id, author_id
    )
    select * from refused where id = ${id}`.execute(tx)
  return rows[0]
}
