// Applies migrations/*.sql in the order of their names, each in its own transaction, each once. Forward only. If
// several processes call this at once, one applies them and the others wait.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'
import { DAY } from '../../base/clock.ts'

const FOLDER = new URL('../../../migrations/', import.meta.url)

// Any constant that nothing else in this database locks; "broad" in letters of the alphabet.
const LOCK = 2_181_514

interface Migration {
  name: string
  text: string
  checksum: string
}

export async function readMigrations(folder: URL = FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async name => {
      const text = await readFile(new URL(name, folder), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** The name of the newest one: what was derived from rows of another form may be wrong. */
export const newestMigration = async (): Promise<string | undefined> =>
  (await readdir(FOLDER))
    .filter(name => name.endsWith('.sql'))
    .toSorted()
    .at(-1)

/** Returns the names of the migrations it applied. Throws when an applied one was edited, or is unknown to this version. */
export async function migrate(pool: pg.Pool, migrations?: Migration[]): Promise<string[]> {
  const all = migrations ?? (await readMigrations())
  const client = await pool.connect()
  // A migration may rewrite a large table and take long. The pool's time limits are meant for requests, so they do not apply.
  const query = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
    const patient = { text, values, query_timeout: DAY }
    return client.query<Row>(patient)
  }
  const applied: string[] = []
  let broken: Error | undefined
  try {
    await query('set statement_timeout = 0')
    await query('select pg_advisory_lock($1)', [LOCK])
    await query(
      'create table if not exists migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const { rows } = await query<{ name: string; checksum: string }>('select name, checksum from migration')
    const done = new Map(rows.map(row => [row.name, row.checksum]))
    const known = new Map(all.map(migration => [migration.name, migration.checksum]))
    for (const [name, checksum] of done) {
      if (!known.has(name)) throw new Error(`this database was migrated by a newer version: it has ${name}, which is unknown here`)
      if (known.get(name) !== checksum) throw new Error(`migrations/${name} was edited after it had been applied; add a new file instead`)
    }
    for (const { name, text, checksum } of all) {
      if (done.has(name)) continue
      await query('begin')
      await query(text)
      await query('insert into migration (name, checksum) values ($1, $2)', [name, checksum])
      await query('commit')
      applied.push(name)
    }
  } catch (err) {
    broken = err as Error
    throw err
  } finally {
    // Ending a broken connection also ends its transaction and frees the lock.
    if (!broken) await query('select pg_advisory_unlock($1)', [LOCK]).then(() => query('reset statement_timeout'))
    client.release(broken)
  }
  return applied
}
