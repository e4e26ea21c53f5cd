import { sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

/** The contract's numbers for an attitude. */
export const LIKE = 1
export const DISLIKE = 0

export interface ReactionOutcome {
  /** Whether readers may see the article. */
  articleExists: boolean
  /** Whether a row was inserted or updated. */
  changed: boolean
}

// No row if the article is not visible to readers, or if the reader has been deleted.
const readerAndArticle = (readerId: ReaderId, articleId: ArticleId) =>
  sql`select reader.id as reader_id, article.id as article_id from reader, published_article article
       where reader.id = ${readerId} and article.id = ${articleId}`

const selectOutcome = (articleId: ArticleId) =>
  sql`select exists (select from published_article where id = ${articleId}) as "articleExists", exists (select from written) as changed`

/** A reader has one attitude to an article, so a like replaces a dislike. Of concurrent equal requests, one reports a change. */
export async function setAttitude(tx: Tx, readerId: ReaderId, articleId: ArticleId, value: number): Promise<ReactionOutcome> {
  const { rows } = await sql<ReactionOutcome>`
    with written as (
      insert into attitude (reader_id, article_id, value)
      select reader_id, article_id, ${value}::smallint from (${readerAndArticle(readerId, articleId)}) given
      on conflict (reader_id, article_id) do update set value = excluded.value, at = excluded.at where attitude.value <> excluded.value
      returning value
    ) ${selectOutcome(articleId)}`.execute(tx)
  return rows[0] as ReactionOutcome
}

export async function removeAttitude(db: Db, readerId: ReaderId, articleId: ArticleId, value: number): Promise<void> {
  await db.deleteFrom('attitude').where('reader_id', '=', readerId).where('article_id', '=', articleId).where('value', '=', value).execute()
}

export async function addCollection(tx: Tx, readerId: ReaderId, articleId: ArticleId): Promise<ReactionOutcome> {
  const { rows } = await sql<ReactionOutcome>`
    with written as (
      insert into collection (reader_id, article_id) ${readerAndArticle(readerId, articleId)}
      on conflict (reader_id, article_id) do nothing
      returning article_id
    ) ${selectOutcome(articleId)}`.execute(tx)
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
    with written as (
      insert into report (reader_id, article_id, type, remark)
      select reader_id, article_id, ${type}::smallint, ${remark} from (${readerAndArticle(readerId, articleId)}) given
      on conflict (reader_id, article_id) do nothing
      returning article_id
    ) ${selectOutcome(articleId)}`.execute(db)
  return rows[0] as ReactionOutcome
}
