import { sql } from 'kysely'
import { ARTICLE_STATUS } from '../../base/article-status.ts'
import type { FileId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

const BANNED = sql.lit(ARTICLE_STATUS.banned)
const DELETED = sql.lit(ARTICLE_STATUS.deleted)

export interface NewFile {
  id: FileId
  name: string
  owner: ReaderId | undefined
  private: boolean
  widths: number[]
  bytes: number[]
}

/** The file is not served until `markStored`. */
export async function insertFile(db: Db, { owner, ...file }: NewFile): Promise<void> {
  await db
    .insertInto('stored_file')
    .values({ ...file, owner_id: owner ?? null })
    .execute()
}

/** False if the row is gone: its owner was deleted in the meantime. */
export async function markStored(db: Db, id: FileId): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('stored_file').set({ stored: true }).where('id', '=', id).executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteFile(db: Db, id: FileId): Promise<void> {
  await db.deleteFrom('stored_file').where('id', '=', id).execute()
}

export interface ServedFile {
  name: string
  widths: number[]
  bytes: number[]
}

/** Whether a picture stands in an article that editors banned or deleted, and in nothing that readers see or authors write. */
const IS_TAKEN_DOWN = sql<boolean>`(
  exists (
    select from file_use join article on article.id = key and table_name in ('article', 'article_content')
     where file_id = stored_file.id and (status = ${BANNED}
        or status = ${DELETED} and exists (select from article_review where article_id = article.id and action = 'delete')))
  and not exists (
    select from file_use left join article on article.id = key and table_name in ('article', 'article_content')
     where file_id = stored_file.id and (table_name = 'reader' or status not in (${BANNED}, ${DELETED}))))`
/** Banned by itself, or with its article. */
export const IS_BANNED = sql<boolean>`(banned or ${IS_TAKEN_DOWN})`

/** By name. Without files that are not there, not complete, banned or private. */
export async function findServedFiles(db: Db, names: string[]): Promise<Map<string, ServedFile>> {
  const { rows } = await sql<ServedFile>`
    select name, widths, bytes from stored_file
     where name = any(${names}::text[]) and stored and not private and not ${IS_BANNED}`.execute(db)
  return new Map(rows.map(row => [row.name, row]))
}

/** The name of a private file that is complete. */
export async function findPrivateFile(db: Db, id: FileId): Promise<string | undefined> {
  const row = await db
    .selectFrom('stored_file')
    .select('name')
    .where('id', '=', id)
    .where('private', '=', true)
    .where('stored', '=', true)
    .executeTakeFirst()
  return row?.name
}

/** False if there is no such file. */
export async function setBanned(db: Db, name: string, banned: boolean): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('stored_file').set({ banned }).where('name', '=', name).executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function insertMaterial(db: Db, reader: ReaderId, file: FileId): Promise<number> {
  const row = await db.insertInto('material').values({ reader_id: reader, file_id: file }).returning('id').executeTakeFirstOrThrow()
  return row.id
}

/** Returns how many were deleted. A file that a transaction is about to use is passed over. */
export async function deleteUnusedFiles(db: Db, { hours, limit }: { hours: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from stored_file where id in (
      select id from stored_file
       where unused_since < now() - make_interval(hours => ${hours})
         and not exists (select from file_use where file_id = stored_file.id)
       order by unused_since limit ${limit} for update skip locked)`.execute(db)
  return Number(numAffectedRows ?? 0)
}

export interface Removal {
  file_id: FileId
  name: string
  widths: number[]
  private: boolean
}

/** Objects to remove, the oldest first, once they have been queued for `seconds`. */
export async function listRemovals(db: Db, { seconds, limit }: { seconds: number; limit: number }): Promise<Removal[]> {
  const { rows } = await sql<Removal>`
    select file_id, name, widths, private from file_removal
     where queued_at < now() - make_interval(secs => ${seconds}) order by queued_at limit ${limit}`.execute(db)
  return rows
}

export async function deleteRemovals(db: Db, ids: FileId[]): Promise<void> {
  await sql`delete from file_removal where file_id = any(${ids}::bigint[])`.execute(db)
}
