// Inserts the rows of the demo world. Every statement may be repeated: existing rows stay as they are.

import { sql } from 'kysely'
import type { Db } from '../engines/database/database.ts'

type Value = bigint | bigint[] | number | number[] | string | string[] | boolean | null
export type Row = Record<string, Value>

/**
 * Inserts rows with one statement and returns how many were new. They are sent as one JSON text, which can hold lists of
 * unequal length, as unnest cannot. Ids are sent as text, because JSON numbers would lose digits.
 */
export async function insertRows(db: Db, table: string, rows: Row[]): Promise<number> {
  if (rows.length === 0) return 0
  const columns = sql.join(Object.keys(rows[0] as object).map(name => sql.ref(name)))
  const json = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  const { numAffectedRows } = await sql`
    insert into ${sql.table(table)} (${columns})
    select ${columns} from json_populate_recordset(null::${sql.table(table)}, ${json}::json)
    on conflict do nothing`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Adds the channels that are missing. Returns the ids by name, also of channels that an editor made: the demo's articles use those. */
export async function insertChannels(db: Db, names: string[]): Promise<{ channelIds: Map<string, number>; added: number }> {
  const { numAffectedRows } = await sql`
    insert into channel (name, sequence, origin)
    select name, sequence, 'demo' from unnest(${names}::text[]) with ordinality as given (name, sequence)
     where not exists (select from channel where channel.name = given.name)
     order by sequence
    on conflict (name) do nothing`.execute(db)
  const { rows } = await sql<{ id: number; name: string }>`select id, name from channel where name = any(${names})`.execute(db)
  return { channelIds: new Map(rows.map(row => [row.name, row.id])), added: Number(numAffectedRows ?? 0) }
}

/** Which of these names, and whether this mobile number, belong to readers outside the demo. */
export async function findTaken(db: Db, names: string[], mobile: string): Promise<{ names: Set<string>; mobile: boolean }> {
  const { rows } = await sql<{ name: string; mobile: string | null }>`
    select name, mobile from reader where origin <> 'demo' and (name = any(${names}) or mobile = ${mobile})`.execute(db)
  return { names: new Set(rows.map(row => row.name)), mobile: rows.some(row => row.mobile === mobile) }
}

export interface SeedState {
  readers: number
  /** The account, which is inserted first. */
  firstReaderId: bigint | null
  finished: boolean
  /** Clearing has begun. */
  withdrawn: boolean
}

/** A world is finished when every demo reader has signed in: the account's sign-in is the last thing written. */
export async function readSeedState(db: Db): Promise<SeedState> {
  const { rows } = await sql<SeedState>`
    select count(*)::int as readers, min(id) as "firstReaderId", count(*) > 0 and count(*) = count(last_login_at) as finished,
           exists (select from article where origin = 'demo' and status = 4) as withdrawn
      from reader where origin = 'demo'`.execute(db)
  return rows[0] as SeedState
}

export async function markFinished(db: Db, accountId: bigint, at: Date): Promise<void> {
  await sql`update reader set last_login_at = ${at} where id = ${accountId} and origin = 'demo' and last_login_at is null`.execute(db)
}
