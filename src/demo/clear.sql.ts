// Finding and deleting what belongs to the demo. The catalogue of foreign keys says what stands on a demo row, so a
// table that a later migration adds is cleared without anyone thinking of it here.

import { sql } from 'kysely'
import type { Db } from '../engines/database/database.ts'

export interface ForeignKey {
  child: string
  column: string
  parent: string
  key: string
}

/** Which column of which table points where. */
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

/** Tables that name a viewer, who is a reader without a foreign key. */
export async function listViewerTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'viewer' order by table_name`.execute(db)
  return rows.map(row => row.name)
}

/** Says that the world is not whole any more: a clearing that is stopped half-way must not pass for a demo. */
export async function markUnfinished(db: Db): Promise<void> {
  await sql`update reader set last_login_at = null where id = (select min(id) from reader where origin = 'demo')`.execute(db)
}

/** Withdraws up to `count` demo articles and returns how many: nobody likes or opens what is withdrawn. */
export async function withdrawArticles(db: Db, count: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update article set status = 4
     where id in (select id from article where origin = 'demo' and status <> 4 limit ${count})`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Where the rows of a table lie that fulfil a condition. Conditions are texts of clear.ts, never anybody's input. */
export async function listRowLocations(db: Db, table: string, condition: string): Promise<string[]> {
  const { rows } = await sql<{ place: string }>`select ctid::text as place from ${sql.table(table)} where ${sql.raw(condition)}`.execute(db)
  return rows.map(row => row.place)
}

/** Deletes the rows at these places that still fulfil the condition: a place may hold another row by now. */
export async function deleteRows(db: Db, table: string, condition: string, places: string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where ctid = any(${places}::text[]::tid[]) and (${sql.raw(condition)})`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/**
 * Demo rows that something real depends on become real themselves: a reader who wrote an article or whose comment on
 * one was answered by a real reader, and a channel that holds a real article. Returns how many.
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
