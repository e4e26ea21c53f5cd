// What an author saved before, and what stands unsaved in an editor.

import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

/** Of one article. Fifty texts of usual length have half a megabyte. */
const REVISIONS_MAX = 50
/** Of one article. Of an article of the greatest length that is ten. */
const REVISION_BYTES_MAX = 10 * 2 ** 20
/** The newest of an author. */
const AUTOSAVES_MAX = 100

/** Copies the article as it is now. Two saves at the same moment may become one revision. */
export async function addRevision(db: Db | Tx, id: ArticleId): Promise<void> {
  await sql`
    with added as (
      insert into article_revision (article_id, number, title, html, cover, channel_id, status)
      select article.id, coalesce((select max(number) from article_revision where article_id = article.id), 0) + 1, title, html, cover, channel_id, status
        from article join article_content on article_content.article_id = article.id where article.id = ${id}
      on conflict do nothing returning number
    )
    delete from article_revision using added where article_id = ${id} and (
      article_revision.number <= added.number - ${sql.lit(REVISIONS_MAX)} or article_revision.number in (
        select number from (select number, sum(octet_length(html)) over (order by number desc) as bytes from article_revision where article_id = ${id}) kept
         where bytes > ${sql.lit(REVISION_BYTES_MAX)}))`.execute(db)
}

export interface RevisionSummary {
  number: number
  title: string
  status: number
  saved_at: Date
}

/** Newest first. */
export async function listRevisions(db: Db, id: ArticleId): Promise<RevisionSummary[]> {
  return db
    .selectFrom('article_revision')
    .select(['number', 'title', 'status', 'saved_at'])
    .where('article_id', '=', id)
    .orderBy('number', 'desc')
    .execute()
}

export interface Revision extends RevisionSummary {
  html: string
  cover: string[]
  channel_id: ChannelId
}

export async function findRevision(db: Db, id: ArticleId, number: number): Promise<Revision | undefined> {
  return db
    .selectFrom('article_revision')
    .select(['number', 'title', 'status', 'saved_at', 'html', 'cover', 'channel_id'])
    .where('article_id', '=', id)
    .where('number', '=', number)
    .executeTakeFirst()
}

/** `articleId` not above 0: an article that has not been saved yet. */
export interface AutosaveKey {
  authorId: ReaderId
  articleId: bigint
}

export async function putAutosave(db: Db, { authorId, articleId }: AutosaveKey, content: object): Promise<Date> {
  const { rows } = await sql<{ saved_at: Date }>`
    with crowd as (
      delete from autosave where author_id = ${authorId} and article_id in (
        select article_id from autosave where author_id = ${authorId} order by saved_at desc offset ${sql.lit(AUTOSAVES_MAX)})
    )
    insert into autosave (author_id, article_id, content) values (${authorId}, ${articleId}, ${JSON.stringify(content)}::jsonb)
    on conflict (author_id, article_id) do update set content = excluded.content, saved_at = now()
    returning saved_at`.execute(db)
  return (rows[0] as { saved_at: Date }).saved_at
}

export async function findAutosave(
  db: Db,
  { authorId, articleId }: AutosaveKey,
): Promise<{ content: unknown; saved_at: Date } | undefined> {
  return db
    .selectFrom('autosave')
    .select(['content', 'saved_at'])
    .where('author_id', '=', authorId)
    .where('article_id', '=', articleId as ArticleId)
    .executeTakeFirst()
}

export async function deleteAutosave(db: Db | Tx, { authorId, articleId }: AutosaveKey): Promise<void> {
  await sql`delete from autosave where author_id = ${authorId} and article_id = ${articleId}`.execute(db)
}

/** Deletes up to `limit` older than `days`; returns how many. */
export async function deleteOldAutosaves(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from autosave where (author_id, article_id) in (
      select author_id, article_id from autosave where saved_at < now() - make_interval(days => ${days}) limit ${limit})`.execute(db)
  return Number(numAffectedRows)
}
