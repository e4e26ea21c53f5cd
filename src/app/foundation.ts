// What every process stands on, whatever its roles: the database, ids, secrets, the means to be watched.

import { mkdir } from 'node:fs/promises'
import pg from 'pg'
import { createLog, type Log } from '../base/log.ts'
import { createMetrics, type Metrics } from '../base/metrics.ts'
import type { Config } from '../config.ts'
import { type Database, databaseReady, openDatabase } from '../engines/database/database.ts'
import { migrate } from '../engines/database/migrate.ts'
import { leaseIds } from '../engines/database/worker-number.ts'
import { type EmbeddedPostgres, startPostgres } from '../engines/postgres/server.ts'
import { keptSecret } from './secrets.ts'

export interface Foundation {
  config: Config
  log: Log
  metrics: Metrics
  database: Database
  databaseUrl: string
  newId: () => bigint
  secrets: { tokens: string; traces: string }
  close(): Promise<void>
}

/** A number for the place that only one server of a data folder may hold. */
const SERVER_PLACE = 2_181_515

/**
 * `purpose` names the process to others: "server", or the CLI's command. A server takes the place of the one server of
 * its data folder; if another holds it, this throws and says which.
 */
export async function openFoundation(config: Config, purpose: string, log: Log = createLog(config.logLevel)): Promise<Foundation> {
  const opened = new AsyncDisposableStack()
  try {
    await mkdir(config.dataDir, { recursive: true })
    const metrics = createMetrics()
    const name = `broadsheet ${purpose} ${process.pid}`
    let databaseUrl = config.databaseUrl
    if (!databaseUrl) {
      const postgres = await startPostgres({ dataDir: config.dataDir, log: log.child({ part: 'postgres' }) })
      opened.defer(() => leave(postgres, name))
      databaseUrl = postgres.url
      if (purpose === 'server') opened.use(await takePlace(databaseUrl, name, config.dataDir))
    }
    const database = opened.adopt(openDatabase({ url: databaseUrl, name, log }), open => open.close())
    // A database on another machine may come up after us.
    await databaseReady(database.db, config.databaseUrl ? 30_000 : 5_000)
    const applied = await migrate(database.pool)
    if (applied.length > 0) log.info({ applied }, 'database migrated')
    const ids = opened.adopt(await leaseIds({ db: database.db, log }), leased => leased.close())
    const secrets = {
      tokens: config.tokenKey ?? (await keptSecret(config.dataDir, 'token-key')),
      traces: config.traceKey ?? (await keptSecret(config.dataDir, 'trace-key')),
    }
    const stack = opened.move()
    return { config, log, metrics, database, databaseUrl, newId: ids.newId, secrets, close: () => stack.disposeAsync() }
  } catch (err) {
    await opened.disposeAsync()
    throw err
  }
}

/** Holds the server's place as long as its connection lives, which ends with the process however that ends. */
async function takePlace(url: string, name: string, dataDir: string): Promise<AsyncDisposable> {
  const client = new pg.Client({ connectionString: url, application_name: name, keepAlive: true })
  client.on('error', () => {}) // PostgreSQL restarting: nobody else can take the place of a server that has the folder
  await client.connect()
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [SERVER_PLACE])
  if (!rows[0]?.taken) {
    const holder = await client.query<{ name: string }>(
      `select application_name as name from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and objid = $1 and granted`,
      [SERVER_PLACE],
    )
    await client.end()
    const pid = holder.rows[0]?.name.split(' ').at(-1) ?? 'unknown'
    throw new Error(`another server, process ${pid}, is using ${dataDir}: stop it first, or set DATA_DIR to another folder`)
  }
  return { [Symbol.asyncDispose]: () => client.end().catch(() => {}) }
}

/** Stops a PostgreSQL of ours, but not under another process of ours that has joined it. */
async function leave(postgres: EmbeddedPostgres, name: string): Promise<void> {
  if (postgres.own && !name.startsWith('broadsheet server')) await othersGone(postgres.url, name)
  await postgres.stop()
}

async function othersGone(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: name })
  client.on('error', () => {})
  try {
    await client.connect()
    for (;;) {
      const { rows } = await client.query<{ others: number }>(
        `select count(*)::int as others from pg_stat_activity where application_name like 'broadsheet %' and application_name <> $1`,
        [name],
      )
      if (rows[0]?.others === 0) return
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  } catch {
    // Gone by itself: nothing to wait for.
  } finally {
    await client.end().catch(() => {})
  }
}
