import { sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { AdminPage } from '../../http/admin-lists.ts'

export interface AuthorDecision {
  article_id: ArticleId
  title: string
  status: number
  action: string
  reason: string | null
  at: Date
  /** 1 waiting, 2 granted, 3 turned down; null if the author has not appealed. */
  appeal_status: number | null
  appeal_answer: string | null
}

/** The decisions of editors about an author's articles, the newest first. */
export async function listOwnDecisions(
  db: Db,
  authorId: ReaderId,
  { offset, limit }: { offset: number; limit: number },
): Promise<AuthorDecision[]> {
  const { rows } = await sql<AuthorDecision>`
    select article.id as article_id, title, article.status, action, review.reason, review.at, appeal.status as appeal_status, answer as appeal_answer
      from article join article_review review on review.article_id = article.id
      left join appeal on appeal.article_id = article.id and appeal.decided_at = review.at
     where author_id = ${authorId} order by review.at desc, article.id offset ${offset} limit ${limit}`.execute(db)
  return rows
}

/** Against the last decision about an article of this author that has one of these statuses. False if there is none, or there is an appeal already. */
export async function insertAppeal(
  db: Db,
  { id, authorId, reason, statuses }: { id: ArticleId; authorId: ReaderId; reason: string; statuses: readonly number[] },
): Promise<boolean> {
  const { rows } = await sql`
    insert into appeal (article_id, decided_at, reason)
    select article.id, review.at, ${reason} from article
      join lateral (select at from article_review where article_id = article.id and action <> 'uphold' order by at desc limit 1) review on true
     where article.id = ${id} and author_id = ${authorId} and status = any(${statuses}::smallint[])
    on conflict (article_id, decided_at) do nothing returning id`.execute(db)
  return rows.length > 0
}

export interface WaitingAppeal {
  id: bigint
  article_id: ArticleId
  title: string
  status: number
  author_id: ReaderId
  author_name: string
  reason: string
  decision: string
  decision_reason: string | null
  reviewer: string
  at: Date
}

/** Those that have waited longest first. */
export async function listAppeals(db: Db, { offset, limit, newestFirst }: AdminPage): Promise<ListPage<WaitingAppeal>> {
  return readListPage(db, {
    total: sql`select count(*)::int as total from appeal where status = 1`,
    rows: sql<WaitingAppeal>`
      select appeal.id, article.id as article_id, title, article.status, author_id, reader.name as author_name, appeal.reason, action as decision,
             review.reason as decision_reason, reviewer, appeal.at
        from appeal join article on article.id = appeal.article_id join reader on reader.id = author_id
        join article_review review on review.article_id = article.id and review.at = decided_at
       where appeal.status = 1 order by appeal.id ${newestFirst ? sql`desc` : sql`asc`} offset ${offset} limit ${limit}`,
  })
}

export async function findAppealedArticle(tx: Tx, id: bigint): Promise<ArticleId | undefined> {
  return (await tx.selectFrom('appeal').select('article_id').where('id', '=', id).executeTakeFirst())?.article_id as ArticleId | undefined
}

/** False if it is decided already, there is none, or it is not about the last decision. */
export async function closeAppeal(tx: Tx, id: bigint, { granted, answer }: { granted: boolean; answer: string | null }): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update appeal set status = ${granted ? 2 : 3}::smallint, answer = ${answer} where id = ${id} and status = 1
       and decided_at = (select max(review.at) from article_review review where review.article_id = appeal.article_id and action <> 'uphold')`.execute(
    tx,
  )
  return numAffectedRows === 1n
}

/** That a decision stands is one as well. */
export async function recordUpheld(
  tx: Tx,
  { id, reviewer, reason }: { id: ArticleId; reviewer: string; reason: string | null },
): Promise<void> {
  await tx.insertInto('article_review').values({ article_id: id, reviewer, action: 'uphold', reason }).execute()
}
