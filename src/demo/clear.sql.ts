// Finds and deletes the demo's rows. PostgreSQL's catalogue of foreign keys says which rows depend on a demo row, so
// tables of later migrations are cleared without a change here.

import { sql } from 'kysely'
import type { Db } from '../engines/database/database.ts'

export interface ForeignKey {
  child: string
  column: string
  parent: string
  key: string
}

/** Single-column foreign keys of the schema: `child.column` references `parent.key`. */
export async function listForeignKeys(db: Db): Promise<ForeignKey[]> {
  const { rows } = await sql<ForeignKey>`
    select c.relname as child, a.attname as "column", p.relname as parent, k.attname as key
      from pg_constraint f
      join pg_class c on c.oid = f.conrelid
      join pg_class p on p.oid = f.confrelid
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
      join pg_attribute k on k.attrelid = f.confrelid and k.attnum = f.confkey[1]
     where f.contype = 'f' and f.connamespace = 'public'::regnamespace and cardinality(f.conkey) = 1
     order by c.relname, a.attname`.execute(db)
  return rows
}

/** Tables with a viewer key, which names a reader without being a foreign key. A hashed viewer is not text and names no one. */
export async function listViewerTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'viewer' and data_type = 'text' order by table_name`.execute(db)
  return rows.map(row => row.name)
}

/** A world that is half cleared must not count as a finished one. */
export async function markUnfinished(db: Db): Promise<void> {
  await sql`update reader set last_login_at = null where id = (select min(id) from reader where origin = 'demo')`.execute(db)
}

/** Withdraws up to `limit` demo articles and returns how many. Readers cannot open or like a withdrawn article. */
export async function withdrawArticles(db: Db, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update article set status = 4
     where id in (select id from article where origin = 'demo' and status <> 4 limit ${limit})`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** The ctids of the rows that fulfil a condition. Conditions are SQL texts of clear.ts, never user input. */
export async function listRowLocations(db: Db, table: string, condition: string): Promise<string[]> {
  const { rows } = await sql<{
    location: string
  }>`select ctid::text as location from ${sql.table(table)} where ${sql.raw(condition)}`.execute(db)
  return rows.map(row => row.location)
}

/** Deletes the rows at these ctids that still fulfil the condition: a ctid may belong to another row by now. */
export async function deleteRows(db: Db, table: string, condition: string, locations: string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where ctid = any(${locations}::text[]::tid[]) and (${sql.raw(condition)})`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/**
 * Demo rows that real rows depend on become real: a reader who wrote a real article, or whose comment on a real article
 * was answered by a real reader, and a channel that holds a real article. Returns how many of each.
 */
export async function keepReferencedRows(db: Db): Promise<{ readers: number; channels: number }> {
  const readers = await sql`
    update reader set origin = 'sign-in' where origin = 'demo' and (
      exists (select from article where author_id = reader.id and origin <> 'demo')
      or exists (select from comment c
                   join article a on a.id = c.article_id and a.origin <> 'demo'
                   join comment reply on reply.parent_id = c.id
                   join reader other on other.id = reply.author_id and other.origin <> 'demo'
                  where c.author_id = reader.id))`.execute(db)
  const channels = await sql`
    update channel set origin = 'office' where origin = 'demo'
       and exists (select from article where channel_id = channel.id and origin <> 'demo')`.execute(db)
  return { readers: Number(readers.numAffectedRows ?? 0), channels: Number(channels.numAffectedRows ?? 0) }
}
