// A pool of connections to PostgreSQL, embedded or external. Queries are in the *.sql.ts files of the folder that owns the
// tables, and take a `Db` (the pool) or a `Tx` (a transaction).

import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import { watchConnections } from './connection-watchdog.ts'
import { prepareRepeatedStatements } from './prepared-statements.ts'
import { measureQueries, type QueryTimes } from './query-metrics.ts'
import type { Tables } from './tables.gen.ts'

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

export interface Database {
  db: Db
  /** For what the query builder does not offer: LISTEN, cursors, sessions. */
  pool: pg.Pool
  /** Of the queries that `db` has sent. */
  queryTimes(): QueryTimes[]
  /** How long the wait for a connection may take from now on, and the probe of a silent database, which begins after three quarters of it. */
  setConnectMs(ms: number): void
  close(): Promise<void>
}

/** For requests: if PostgreSQL accepts no connection within two seconds, it counts as down. */
export const CONNECT_MS = 2_000

// bigint columns are ids or log positions and stay exact. Queries cast counts to int or float8.
const INT8_ARRAY: number = 1016 // pg_type.oid of bigint[], for which the driver has no name
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt)
pg.types.setTypeParser(INT8_ARRAY as typeof pg.types.builtins.INT8, parseIdArray)
// As text: a Date object would add a time and a zone.
pg.types.setTypeParser(pg.types.builtins.DATE, text => text)

function parseIdArray(text: string): bigint[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(BigInt)
}

/**
 * Opens a pool on `url`. `name` is our application_name in pg_stat_activity, which the CLI and a second server read. The first
 * query connects.
 */
export function openDatabase({
  url,
  name,
  log,
  metrics,
  connectionsMax = 16,
}: {
  url: string
  name: string
  log: Log
  /** Where queries are counted. */
  metrics?: Metrics
  connectionsMax?: number
}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_MS,
    // Statements of requests, and batches of imports, take less than a second.
    statement_timeout: 10_000,
    query_timeout: 12_000,
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
  })
  // Without a listener a broken connection would end the process. The next query replaces an idle one. The pool does not listen
  // between two statements of a transaction; there the next statement fails.
  pool.on('connect', client => {
    client.on('error', () => {})
    prepareRepeatedStatements(client)
  })
  const unwatch = watchConnections(pool, { url, log, probeMs: () => pool.options.connectionTimeoutMillis ?? CONNECT_MS })
  let closing = false
  // An embedded PostgreSQL may end the connections while this process closes.
  pool.on('error', err => closing || log.warn({ err: err.message }, 'idle database connection lost'))
  const meter = metrics && measureQueries(metrics)
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    log: meter && (({ query, queryDurationMillis }) => meter.count(query.sql, queryDurationMillis)),
  })
  return {
    db,
    pool,
    queryTimes: () => meter?.times() ?? [],
    setConnectMs(ms) {
      pool.options.connectionTimeoutMillis = ms // the pool reads it at each wait
    },
    async close() {
      closing = true
      unwatch()
      await db.destroy()
      // The query builder ends the pool only if it has used it.
      if (!pool.ending) await pool.end()
    },
  }
}

/** Waits up to `forMs` until the database answers, then throws the last error. Logs once that it waits. */
export async function waitForDatabase(db: Db, forMs: number, log: Log, signal?: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + forMs
  for (let logged = false; ; ) {
    try {
      await sql`select 1`.execute(db)
      return
    } catch (err) {
      if (performance.now() > giveUpAt) throw err
      if (!logged) log.warn({ err: (err as Error).message, seconds: forMs / 1000 }, 'waiting for the database')
      logged = true
      await sleep(100, undefined, { signal })
    }
  }
}

/** True if PostgreSQL cannot be reached, is starting or stopping, or is overloaded: a retry may help, and the error is no bug. */
export function isDatabaseUnavailable(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : ''
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'].includes(code) ||
    // SQLSTATE: connection exceptions, insufficient resources, operator intervention (shutdown, cancelled statement).
    /^(08|53|57)/.test(code) ||
    /timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable|Query read timeout/.test(
      error.message,
    )
  )
}

const STATEMENT_CANCELLED = '57014'

/** The same, but not of one statement that statement_timeout has cancelled: what it asks for may be too slow, or locked. */
export const isDatabaseAway = (error: Error): boolean =>
  isDatabaseUnavailable(error) && !('code' in error && error.code === STATEMENT_CANCELLED)
