import { sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

/** The contract's numbers for what a reader thinks of an article. */
export const LIKE = 1
export const DISLIKE = 0

export interface ReactionOutcome {
  /** Whether there is such an article for readers. */
  articleExists: boolean
  /** Whether anything is other than it was. */
  changed: boolean
}

// An article that is withdrawn takes no more reactions; a reader who is gone gives none.
const both = (readerId: ReaderId, articleId: ArticleId) =>
  sql`select reader.id as reader_id, article.id as article_id from reader, article
       where reader.id = ${readerId} and article.id = ${articleId} and article.status = 2`

const outcome = (articleId: ArticleId) =>
  sql`select exists (select from article where id = ${articleId} and status = 2) as known, exists (select from put) as changed`

/** One row for both, so a like replaces a dislike, and of many at once the first changes something. */
export async function setAttitude(tx: Tx, readerId: ReaderId, articleId: ArticleId, value: number): Promise<ReactionOutcome> {
  const { rows } = await sql<ReactionOutcome>`
    with put as (
      insert into attitude (reader_id, article_id, value) select reader_id, article_id, ${value}::smallint from (${both(readerId, articleId)}) given
      on conflict (reader_id, article_id) do update set value = excluded.value, at = excluded.at where attitude.value <> excluded.value
      returning value
    ) ${outcome(articleId)}`.execute(tx)
  return rows[0] as ReactionOutcome
}

export async function removeAttitude(db: Db, readerId: ReaderId, articleId: ArticleId, value: number): Promise<void> {
  await db.deleteFrom('attitude').where('reader_id', '=', readerId).where('article_id', '=', articleId).where('value', '=', value).execute()
}

export async function addCollection(tx: Tx, readerId: ReaderId, articleId: ArticleId): Promise<ReactionOutcome> {
  const { rows } = await sql<ReactionOutcome>`
    with put as (
      insert into collection (reader_id, article_id) ${both(readerId, articleId)}
      on conflict (reader_id, article_id) do nothing
      returning article_id
    ) ${outcome(articleId)}`.execute(tx)
  return rows[0] as ReactionOutcome
}

export async function removeCollection(db: Db, readerId: ReaderId, articleId: ArticleId): Promise<void> {
  await db.deleteFrom('collection').where('reader_id', '=', readerId).where('article_id', '=', articleId).execute()
}

export async function createReport(
  db: Db,
  report: { readerId: ReaderId; articleId: ArticleId; type: number; remark: string | null },
): Promise<ReactionOutcome> {
  const { readerId, articleId, type, remark } = report
  const { rows } = await sql<ReactionOutcome>`
    with put as (
      insert into report (reader_id, article_id, type, remark)
      select reader_id, article_id, ${type}::smallint, ${remark} from (${both(readerId, articleId)}) given
      on conflict (reader_id, article_id) do nothing
      returning article_id
    ) ${outcome(articleId)}`.execute(db)
  return rows[0] as ReactionOutcome
}
