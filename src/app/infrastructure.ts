// What every process stands on, whatever its roles: the database, ids, secrets, the means to be watched.

import { existsSync } from 'node:fs'
import { access, constants, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { createLog, type Log } from '../base/log.ts'
import { createMetrics, type Metrics } from '../base/metrics.ts'
import type { Config } from '../config.ts'
import { type Database, openDatabase, waitForDatabase } from '../engines/database/database.ts'
import { createIdGenerator } from '../engines/database/id-generator.ts'
import { migrate } from '../engines/database/migrate.ts'
import { adoptLogs } from '../engines/log/history.sql.ts'
import { createLags, type Lags } from '../engines/log/lag.ts'
import { type EmbeddedPostgres, startPostgres } from '../engines/postgres/embedded-postgres.ts'
import { acquireLock, findLockHolder, type Lock } from '../engines/postgres/lock.ts'
import type { Redis } from '../engines/redis/redis.ts'
import { loadOrCreateSecret } from './secrets.ts'
import { findRunningServer } from './server-file.ts'

export interface Infrastructure {
  config: Config
  log: Log
  metrics: Metrics
  /** Those who follow a log say here how far behind they are. */
  lags: Lags
  database: Database
  databaseUrl: string
  /** Only with REDIS_URL; it may be away at any moment. */
  redis?: Redis
  newId: () => bigint
  secrets: { tokens: string; traces: string }
  close(): Promise<void>
}

/**
 * `purpose` names the process to others: "server", or the CLI's command. A server takes the place of the one server of
 * its data folder; if another holds it, this throws and says which. `unwanted`: nobody waits for it any more.
 */
export async function openInfrastructure(
  config: Config,
  purpose: string,
  log: Log = createLog(config.logLevel),
  unwanted?: AbortSignal,
): Promise<Infrastructure> {
  const opened = new AsyncDisposableStack()
  try {
    await openDataDir(config.dataDir)
    const metrics = createMetrics()
    const name = `broadsheet ${purpose} ${process.pid}`
    let databaseUrl = config.databaseUrl
    if (!databaseUrl) {
      if (purpose === 'server') opened.adopt(await takePlace(config.dataDir), place => place.release())
      const postgres = await startPostgres({ dataDir: config.dataDir, log: log.child({ part: 'postgres' }) })
      opened.defer(() => leave(postgres, name))
      databaseUrl = postgres.url
    }
    const database = opened.adopt(
      openDatabase({ url: databaseUrl, name, log, metrics, connectionsMax: config.databaseConnections }),
      open => open.close(),
    )
    // A database on another machine may come up after us.
    await waitForDatabase(database.db, config.databaseUrl ? 30_000 : 5_000, log, unwanted).catch(err => {
      throw config.databaseUrl && !unwanted?.aborted
        ? new Error(`the database in DATABASE_URL does not answer: ${err.message}`, { cause: err })
        : err
    })
    const applied = await migrate(database.pool)
    if (applied.length > 0) log.info({ applied }, 'database migrated')
    if (await adoptLogs(database.db)) log.warn('this database comes from another server: its logs begin here')
    const redis = config.redisUrl ? opened.adopt(await openRedis(config.redisUrl, name, log), open => open.close()) : undefined
    // Only so that the first requests find it: a start does not depend on it.
    await redis?.connected(1_000)
    const ids = opened.adopt(await createIdGenerator({ db: database.db, log }), leased => leased.close())
    const secrets = {
      tokens: config.tokenKey ?? (await loadOrCreateSecret(config.dataDir, 'token-key')),
      traces: config.traceKey ?? (await loadOrCreateSecret(config.dataDir, 'trace-key')),
    }
    const stack = opened.move()
    return {
      config,
      log,
      metrics,
      lags: createLags(metrics),
      database,
      databaseUrl,
      redis,
      newId: ids.newId,
      secrets,
      close: () => stack.disposeAsync(),
    }
  } catch (err) {
    await opened.disposeAsync()
    throw err
  }
}

async function openDataDir(dataDir: string): Promise<void> {
  try {
    // What is kept there first: root, who may write anywhere, learns only so that nothing can be made in a folder.
    await makeFolder(join(dataDir, 'secrets'), 0o700)
    await access(dataDir, constants.W_OK)
  } catch (err) {
    const { code = '', message } = err as NodeJS.ErrnoException
    const reasons: Record<string, string> = {
      ENOENT: 'nothing can be made there',
      EACCES: 'it cannot be written to',
      EPERM: 'it cannot be written to',
      EROFS: 'it cannot be written to',
    }
    throw new Error(`DATA_DIR is ${dataDir}, but ${reasons[code] ?? message}`, { cause: err })
  }
}

/** With those it lies in. Node's own way to do so never returns where the system denies that a folder it shows is there, as below /proc. */
async function makeFolder(path: string, mode?: number): Promise<void> {
  if (!existsSync(path)) {
    await makeFolder(dirname(path))
    await mkdir(path, { mode }).catch(err => {
      if (err.code !== 'EEXIST') throw err // another process of ours was quicker
    })
  }
  if (!(await stat(path)).isDirectory()) throw new Error(`${path} is no folder`)
}

/** The place is a claim of the system's, which ends with the process however that ends, and at no other time. */
async function takePlace(dataDir: string): Promise<Lock> {
  const place = join(dataDir, 'secrets') // not the folder itself: that claim says who runs its PostgreSQL
  const taken = await acquireLock(place)
  if (taken) return taken
  const said = await findLockHolder(place)
  // A stopped process does not say who it is, but it has written so.
  const pid = said === 'unknown' ? ((await findRunningServer(dataDir))?.pid ?? said) : said
  throw new Error(`another server, process ${pid}, is using ${dataDir}: stop it first, or set DATA_DIR to another folder`)
}

/** Stops a PostgreSQL of ours, but not under another process of ours that has joined it. */
async function leave(postgres: EmbeddedPostgres, name: string): Promise<void> {
  if (postgres.isOwner && !name.startsWith('broadsheet server')) await othersGone(postgres.url, name)
  await postgres.stop()
}

async function othersGone(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: name })
  client.on('error', () => {})
  try {
    await client.connect()
    for (;;) {
      const { rows } = await client.query<{ others: number }>(
        `select count(*)::int as others from pg_stat_activity where application_name like 'broadsheet cli %' and application_name <> $1`,
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

/** Its library is loaded only where it is of use. */
const openRedis = async (url: string, name: string, log: Log) => (await import('../engines/redis/open.ts')).openRedis({ url, name, log })
