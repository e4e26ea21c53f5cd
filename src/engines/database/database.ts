// The database is PostgreSQL, in both modes; SQL is not hidden behind anything. Queries live in *.sql.ts files of the
// folder that owns the tables and take a `Db` (a pool) or a `Tx` (inside a transaction).

import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { LRUCache } from 'lru-cache'
import pg from 'pg'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import { watchConnections } from './connection-watchdog.ts'
import { countQueries } from './query-metrics.ts'
import type { Tables } from './tables.gen.ts'

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

export interface Database {
  db: Db
  /** For what the query builder cannot say: LISTEN, named statements. */
  pool: pg.Pool
  close(): Promise<void>
}

// bigint columns are ids (and log positions), and stay exact. Counts are cast to int or float8 in their queries.
const INT8_ARRAY: number = 1016 // pg_type.oid of bigint[], which the driver does not name
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt)
pg.types.setTypeParser(INT8_ARRAY as typeof pg.types.builtins.INT8, parseIdArray)
// A date has no time and no zone; a Date object would give it both.
pg.types.setTypeParser(pg.types.builtins.DATE, text => text)

function parseIdArray(text: string): bigint[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(BigInt)
}

/**
 * Opens a pool on `url`. `name` is what others see of us in pg_stat_activity: the CLI and a second server read it.
 * Nothing is connected yet when this returns.
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
    // A database that accepts no connection within 2 s is down for the one who waits.
    connectionTimeoutMillis: 2_000,
    // No statement of a request is meant to last a second; imports and seeds stay far below it by their batches.
    statement_timeout: 10_000,
    query_timeout: 12_000,
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
  })
  // Without a listener, a broken connection would end the process. If it is idle, the next query replaces it. Between two
  // statements of a transaction the pool does not listen; the next statement fails.
  pool.on('connect', client => {
    client.on('error', () => {})
    prepareRepeatedStatements(client)
  })
  const unwatch = watchConnections(pool, { url, log })
  let closing = false
  // While we close, the database may be quicker.
  pool.on('error', err => closing || log.warn({ err: err.message }, 'idle database connection lost'))
  const count = metrics && countQueries(metrics)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log: count && (({ query }) => count(query.sql)) })
  return {
    db,
    pool,
    async close() {
      closing = true
      unwatch()
      await db.destroy()
      // The query builder ends the pool only if it has ever used it.
      if (!pool.ending) await pool.end()
    },
  }
}

// Those of requests are some two hundred.
const STATEMENTS_MAX = 300
// Texts met once, of which some never come again: inserts of so many rows, lists as long as what was asked. They make room
// for each other, and none for a name.
const MET_MAX = 300
/** The rows have other columns now than when the plan was made: a migration has run. */
const PLAN_IS_OLD = '0A000'

/**
 * Lets a connection keep the plan of a statement whose very text it has met before: the feed's queries take longer to plan
 * than to run. A text met for the first time is not kept, for it may never come again.
 */
function prepareRepeatedStatements(client: pg.PoolClient): void {
  const names = new Map<string, string>()
  const met = new LRUCache<string, true>({ max: MET_MAX })
  let named = 0
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  client.query = ((text: unknown, values: unknown, ...rest: unknown[]) => {
    // Those that bring a function to be called are the pool's own way, which nothing of a request goes.
    if (typeof text !== 'string' || !Array.isArray(values) || rest.length > 0) return query(text, values, ...rest)
    const name = names.get(text)
    if (name !== undefined) return again(name, text, values)
    if (met.delete(text)) names.set(text, `s${named++}`)
    else if (names.size < STATEMENTS_MAX) met.set(text, true)
    return query(text, values)
  }) as typeof client.query

  async function again(name: string, text: string, values: unknown[]): Promise<unknown> {
    try {
      return await query({ name, text, values })
    } catch (err) {
      if ((err as { code?: string }).code !== PLAN_IS_OLD) throw err
      // It has done nothing yet, and the next one is given another name. A transaction has ended with it, though.
      names.delete(text)
      if (client.getTransactionStatus() !== 'I') throw err
      return query(text, values)
    }
  }
}

/** Waits until the database answers, and says so once when it does not at once; throws its last error after `forMs`. */
export async function waitForDatabase(db: Db, forMs: number, log: Log, unwanted?: AbortSignal): Promise<void> {
  const until = performance.now() + forMs
  for (let told = false; ; ) {
    try {
      await sql`select 1`.execute(db)
      return
    } catch (err) {
      if (performance.now() > until) throw err
      if (!told) log.warn({ err: (err as Error).message, seconds: forMs / 1000 }, 'waiting for the database')
      told = true
      await sleep(100, undefined, { signal: unwanted })
    }
  }
}

/** The database cannot be reached, is starting or stopping, or has no time: worth another try, and no bug of ours. */
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
