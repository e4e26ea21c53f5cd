// What PostgreSQL itself has measured, of all processes: the extension pg_stat_statements, where an operator has installed it.

import { sql } from 'kysely'
import type { Db } from './database.ts'

export interface StatementStats {
  /** The statement, with $1 for values. */
  text: string
  calls: number
  totalMs: number
  maxMs: number
  rows: number
}

const TEXT_MAX = 2_000 // our longest statement has 1,500 characters

/** The statements of this database that took the most time. Undefined without the extension. */
export async function listStatementStats(db: Db, limit: number): Promise<StatementStats[] | undefined> {
  const { rows: found } = await sql<{ schema: string }>`
    select quote_ident(nspname) as schema from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
     where extname = 'pg_stat_statements'`.execute(db)
  const schema = found[0]?.schema
  if (!schema) return undefined
  try {
    const { rows } = await sql<StatementStats>`
      select left(query, ${TEXT_MAX}) as text, calls::float8 as calls, total_exec_time as "totalMs", max_exec_time as "maxMs", rows::float8 as rows
        from ${sql.raw(schema)}.pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database()) order by total_exec_time desc limit ${limit}`.execute(
      db,
    )
    return rows
  } catch (err) {
    if ((err as { code?: string }).code === NOT_LOADED) return undefined
    throw err
  }
}

/** SQLSTATE object_not_in_prerequisite_state: created, and not in shared_preload_libraries. */
const NOT_LOADED = '55000'
