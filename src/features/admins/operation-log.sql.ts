import { sql } from 'kysely'
import type { AdministratorId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { likeAnywhere } from '../../engines/database/like.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { AdminPage, DateRange } from '../../http/admin-lists.ts'

export interface OperationRow {
  administratorId: AdministratorId | null
  administratorName: string
  ip: string
  operation: string
  description: string
  /** JSON, or null. */
  before: string | null
  after: string | null
}

export async function insertOperation(db: Db | Tx, row: OperationRow): Promise<void> {
  await sql`
    insert into operation_log (administrator_id, administrator_name, ip, operation, description, before, after)
    values (${row.administratorId}, ${row.administratorName}, ${row.ip},
            ${row.operation}, ${row.description}, ${row.before}::jsonb, ${row.after}::jsonb)`.execute(db)
}

export interface LoggedOperation {
  id: bigint
  administrator_id: AdministratorId | null
  administrator_name: string
  ip: string
  operation: string
  description: string
  before: unknown
  after: unknown
  at: Date
}

export async function listOperations(
  db: Db,
  { keyword, since, before }: { keyword?: string } & DateRange,
  { offset, limit, newestFirst }: AdminPage,
): Promise<ListPage<LoggedOperation>> {
  const like = keyword === undefined ? null : likeAnywhere(keyword)
  const matches = sql`
    (${like}::text is null or administrator_name ilike ${like} or operation ilike ${like} or description ilike ${like})
    and (${since ?? null}::float8 is null or at >= to_timestamp(${since ?? null}::float8 / 1000))
    and (${before ?? null}::float8 is null or at < to_timestamp(${before ?? null}::float8 / 1000))`
  return readListPage(db, {
    total: sql`select count(*)::int as total from operation_log where ${matches}`,
    rows: sql<LoggedOperation>`
      select id, administrator_id, administrator_name, ip, operation, description, before, after, at from operation_log where ${matches}
       order by id ${newestFirst ? sql`desc` : sql`asc`} offset ${offset} limit ${limit}`,
  })
}

/** The newest of these operations on one thing, of the last day. */
export async function findLastOperation(
  db: Db | Tx,
  { operations, description }: { operations: string[]; description: string },
): Promise<Pick<LoggedOperation, 'administrator_name' | 'operation'> | undefined> {
  const { rows } = await sql<LoggedOperation>`
    select administrator_name, operation from operation_log
     where at > now() - interval '1 day' and operation = any(${operations}) and description = ${description} order by id desc limit 1`.execute(
    db,
  )
  return rows[0]
}

/** Deletes up to `limit` operations older than so many days; returns how many. */
export async function deleteOldOperations(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from operation_log where id = any(array(
      select id from operation_log where at < now() - make_interval(days => ${days}) order by at limit ${limit}))`.execute(db)
  return Number(numAffectedRows)
}
