// A database for one test file, copied from a migrated template in a few hundredths of a second. `npm test` starts one
// PostgreSQL for the whole run (setup.ts). A file that is run without it starts its own.

import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { silentLog } from '../../src/base/log.ts'
import { type Database, type Db, openDatabase } from '../../src/engines/database/database.ts'
import { cleanup } from './cleanup.ts'
import { eventually, PATIENCE_MS, pause } from './waiting.ts'

export interface TestDatabase extends Database {
  url: string
}

/** Opens a fresh, migrated database; it is dropped after the file's tests. With `of` it is a copy of one that nobody has open. */
export async function testDatabase({ of }: { of?: string } = {}): Promise<TestDatabase> {
  const server = await testServer()
  const name = `test_${randomBytes(6).toString('hex')}`
  await copyTemplate(server, name, of ? new URL(of).pathname.slice(1) : TEMPLATE)
  const url = databaseUrl(server, name)
  const database = patient(openDatabase({ url, name: 'test', log: silentLog }))
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await database.close()
  }
  cleanup(async () => {
    await close()
    await runAsAdmin(server, `drop database if exists ${name} with (force)`)
  })
  return { ...database, close, url }
}

/**
 * A test waits for its own connections as long as for anything else, and may hold a transaction as long. The limits of the product are
 * for requests; tests of them open a database of their own.
 */
export function patient(database: Database): Database {
  database.setConnectMs(PATIENCE_MS)
  database.pool.options.idle_in_transaction_session_timeout = 6 * PATIENCE_MS
  return database
}

async function copyTemplate(server: string, name: string, template: string): Promise<void> {
  for (const giveUp = performance.now() + PATIENCE_MS; ; await pause(50)) {
    try {
      return await runAsAdmin(server, `create database ${name} template ${template} strategy file_copy`)
    } catch (err) {
      // 55006: a session of the template has not ended yet.
      if ((err as { code?: string }).code !== '55006' || performance.now() > giveUp) throw err
    }
  }
}

/**
 * Waits until those who follow a log can read all that was committed so far. They read what is before every running transaction, and
 * those of other test files, on other databases of the server, count as well.
 */
export async function waitForLog({ db }: { db: Db }): Promise<void> {
  const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(db)
  await eventually(
    async () => (await sql`select where pg_snapshot_xmin(pg_current_snapshot()) > ${rows[0]?.xid}::xid8`.execute(db)).rows.length,
    count => count === 1,
  )
}

export const TEMPLATE = 'broadsheet_template'

export function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

export async function runAsAdmin(server: string, statement: string): Promise<void> {
  const connectionString = databaseUrl(server, 'postgres')
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS })
  try {
    await client.connect()
    await client.query(statement)
  } finally {
    await client.end()
  }
}

let own: Promise<string> | undefined

function testServer(): Promise<string> {
  const running = process.env.TEST_POSTGRES_URL
  if (running) return Promise.resolve(running)
  own ??= (async () => {
    const { globalSetup, globalTeardown } = await import('./setup.ts')
    await globalSetup()
    cleanup(globalTeardown)
    return process.env.TEST_POSTGRES_URL as string
  })()
  return own
}
