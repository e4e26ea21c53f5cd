// Which tables a backup has, and what an empty database needs besides their rows. The catalogue of PostgreSQL is asked, so
// that tables of later migrations are in it without a change here.

import pg from 'pg'
import type { TableInArchive } from './manifest.ts'

/** Tables whose rows are not in a backup, and why. */
export const LEFT_OUT: Record<string, string> = {
  migration: 'filled by migrations; the manifest lists them',
  counted: 'filled by migrations',
  log_floor: 'filled by migrations',
  counter_epoch: 'filled by migrations: another installation is another incarnation',
  id_worker: 'filled by migrations; the manifest says up to when ids were made',
  change: 'the log: consumers begin at a snapshot',
  counter_delta: 'the log: counts are made from the rows',
  event: 'the log: notices are made within a second',
  log_consumer: 'positions in the logs',
  set_aside: 'changes of the log',
  counter: 'made from the rows',
  reconcile_report: 'made each night',
  reconcile_result: 'the drift of another installation',
  complaint: 'an experiment ends with a restore',
  experiment_viewer: 'an experiment ends with a restore',
  search_index: 'the index is built at the first start',
  search_article_a: 'the index',
  search_article_b: 'the index',
  search_term: 'the index',
  search_key: 'the index',
  search_list: 'a cache',
  shared_list: 'a cache',
  related_article: 'trained each night',
}

/** Migrations fill these, and administrators change them: a restore replaces their rows. Each after those that refer to it. */
export const REPLACED = ['group_permission', 'administrator_group', 'permission']

const name = pg.escapeIdentifier

/** The text of values must not depend on settings of the server, nor a large table on limits that are meant for requests. */
const SESSION =
  "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = 0; set client_encoding = 'UTF8'; " +
  "set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 1; set bytea_output = 'hex'"

export async function beginSnapshot(client: pg.Client): Promise<void> {
  await client.query(SESSION)
  await client.query('begin isolation level repeatable read read only')
}

export async function beginRestore(client: pg.Client): Promise<void> {
  await client.query(SESSION)
  await client.query('begin')
}

/**
 * The tables, each after those that it refers to. Without generated columns, and without transaction ids, which mean nothing
 * in another database: rows get that of the transaction that restores them.
 */
export async function listTables(client: pg.Client): Promise<Omit<TableInArchive, 'rows'>[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; parents: string[] }>(
    `select c.relname as name,
            array(select a.attname::text from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.atttypid <> 'xid8'::regtype
                   order by a.attnum) as columns,
            array(select distinct p.relname::text from pg_constraint f join pg_class p on p.oid = f.confrelid
                   where f.contype = 'f' and f.conrelid = c.oid and p.oid <> c.oid) as parents
       from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> all ($1)
      order by c.relname`,
    [Object.keys(LEFT_OUT)],
  )
  const ordered: typeof rows = []
  for (let rest = rows; rest.length > 0; ) {
    const ready = rest.filter(({ parents }) => !parents.some(parent => rest.some(each => each.name === parent)))
    if (ready.length === 0) throw new Error(`these tables refer to each other: ${rest.map(each => each.name).join(', ')}`)
    ordered.push(...ready)
    rest = rest.filter(each => !ready.includes(each))
  }
  return ordered.map(({ name, columns }) => ({ name, columns }))
}

const columnsOf = ({ name: table, columns }: Omit<TableInArchive, 'rows'>) => `${name(table)} (${columns.map(name).join(', ')})`
export const copyOut = (table: Omit<TableInArchive, 'rows'>) => `copy ${columnsOf(table)} to stdout`
export const copyIn = (table: Omit<TableInArchive, 'rows'>) => `copy ${columnsOf(table)} from stdin`

export async function readMigrationRows(client: pg.Client): Promise<{ name: string; checksum: string }[]> {
  return (await client.query('select name, checksum from migration order by name')).rows
}

/** Sequences do not belong to a snapshot, so read after the rows they are at least as far as those. */
export async function readSequences(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; last: string }>(
    `select sequencename::text as name, last_value::text as last from pg_sequences where schemaname = 'public' and last_value is not null`,
  )
  return Object.fromEntries(rows.map(row => [row.name, row.last]))
}

export async function readIdsUntil(client: pg.Client): Promise<number> {
  return (await client.query('select coalesce(max(high_ms), 0)::float8 as ms from id_worker')).rows[0].ms
}

/** Those of `tables` that exist and have rows of an installation. */
export async function listFilledTables(client: pg.Client, tables: string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname = any ($1)`,
    [tables.filter(table => !REPLACED.includes(table))],
  )
  if (rows.length === 0) return []
  const own = rows.map(row => row.name)
  const parts = own.map(table => `select ${pg.escapeLiteral(table)} as name where exists (select from ${name(table)})`)
  return (await client.query(parts.join(' union all '))).rows.map(row => row.name)
}

/** `tables`: those of the archive, which may be older than some of these. */
export async function deleteReplacedRows(client: pg.Client, tables: string[]): Promise<void> {
  for (const table of REPLACED) if (tables.includes(table)) await client.query(`delete from ${name(table)}`)
}

/** Processes of ours that use this database, this one apart. */
export async function countOtherProcesses(client: pg.Client, own: string): Promise<number> {
  const { rows } = await client.query<{ others: number }>(
    `select count(*)::int as others from pg_stat_activity
      where datname = current_database() and application_name like 'broadsheet %' and application_name <> $1`,
    [own],
  )
  return rows[0]?.others as number
}

/** Restored rows are no news: nothing is logged, counted or told. Foreign keys are still checked. */
export async function setTriggers(client: pg.Client, tables: string[], enabled: boolean): Promise<void> {
  for (const table of tables) await client.query(`alter table ${name(table)} ${enabled ? 'enable' : 'disable'} trigger user`)
}

export async function setSequences(client: pg.Client, sequences: Record<string, string>): Promise<void> {
  for (const [sequence, last] of Object.entries(sequences))
    await client.query('select setval($1::regclass, $2::bigint)', [name(sequence), last])
}

/** No number makes an id again that this installation has made. */
export async function raiseIds(client: pg.Client, untilMs: number): Promise<void> {
  await client.query('update id_worker set high_ms = greatest(high_ms, $1::bigint)', [untilMs])
}

export async function makeCounts(client: pg.Client): Promise<void> {
  await client.query('insert into counter (kind, key, value) select kind, key, value from counter_truth()')
}
