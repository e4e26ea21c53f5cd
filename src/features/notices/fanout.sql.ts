// Tells the followers of an author that an article was published: one batch of them in each transaction.

import { sql } from 'kysely'
import type { Db, Tx } from '../../engines/database/database.ts'
import { bringBack, withdrawn } from './make-notices.sql.ts'

export async function isFanoutDue(db: Db): Promise<boolean> {
  const { rows } = await sql`select from notice_fanout where due_at <= now() limit 1`.execute(db)
  return rows.length > 0
}

interface Fanout {
  article: bigint
  author: bigint
  is_published: boolean
  after_at: string
  after_id: bigint
}

/** One step of the article that has been due for longest. Returns false if there is none, or another worker is at it. */
export async function fanOut(tx: Tx, limit: number): Promise<boolean> {
  const { rows } = await sql<Fanout & { withdraws: boolean }>`
    select fanout.article_id as article, article.author_id as author, article.status = 2 as is_published, withdraws,
           after_at::text as after_at, after_id
      from notice_fanout fanout join article on article.id = fanout.article_id
     where due_at <= now() order by due_at limit 1 for update of fanout skip locked`.execute(tx)
  const [job] = rows
  if (!job) return false
  const followers = job.withdraws ? await withdraw(tx, job, limit) : await tell(tx, job, limit)
  if (followers < limit) await sql`delete from notice_fanout where article_id = ${job.article}`.execute(tx)
  return true
}

async function tell(tx: Tx, { article, author, is_published, after_at, after_id }: Fanout, limit: number): Promise<number> {
  if (!is_published) return 0 // its event is under way, and withdraws what was told before
  const { rows } = await sql<{ followers: number }>`
    with follower as materialized (
      select reader_id, at from following
       where creator_id = ${author} and (at, reader_id) < (${after_at}::timestamptz, ${after_id}::bigint)
       order by at desc, reader_id desc limit ${limit}
    ), made as (
      insert into notice (reader_id, kind, actor_id, subject_id, article_id)
      select follower.reader_id, 'article', ${author}, ${article}, ${article} from follower
       where not exists (select from notice_setting s where s.reader_id = follower.reader_id and 'article' = any (s.muted))
         and not exists (select from blocking b where b.reader_id = ${author} and b.blocked_id = follower.reader_id)
         and not exists (select from blocking b where b.reader_id = follower.reader_id and b.blocked_id = ${author})
      ${bringBack}
    ), moved as (
      update notice_fanout set (after_at, after_id) = (select at, reader_id from follower order by at, reader_id limit 1)
       where article_id = ${article} and exists (select from follower)
    )
    select count(*)::int as followers from follower`.execute(tx)
  return rows[0]?.followers ?? 0
}

/** From the lowest reader's id on: what was withdrawn stays in the index until a vacuum, and is not read again. */
async function withdraw(tx: Tx, { article, after_id }: Fanout, limit: number): Promise<number> {
  const { rows } = await sql<{ readers: number }>`
    with undone as materialized (
      select ctid, reader_id from notice
       where kind = 'article' and subject_id = ${article} and not withdrawn and reader_id > ${after_id}::bigint
       order by reader_id limit ${limit}
    ), changed as (
      update notice set ${withdrawn} where ctid = any (array(select ctid from undone))
    ), moved as (
      update notice_fanout set after_id = (select max(reader_id) from undone) where article_id = ${article} and exists (select from undone)
    )
    select count(*)::int as readers from undone`.execute(tx)
  return rows[0]?.readers ?? 0
}
