// What every process needs, whatever its roles: the database, Redis, ids, secrets, log and metrics.

import { createLog, type Log } from '../base/log.ts'
import { createMetrics, type Metrics } from '../base/metrics.ts'
import type { Config } from '../config.ts'
import { type Database, openDatabase, waitForDatabase } from '../engines/database/database.ts'
import { createIdGenerator } from '../engines/database/id-generator.ts'
import { migrate } from '../engines/database/migrate.ts'
import { openTokenKeys, type StoredTokenKeys } from '../engines/keys/token-keys.ts'
import { adoptLogs } from '../engines/log/incarnation.sql.ts'
import { createLagMetric, type LagMetric } from '../engines/log/lag.ts'
import { startPostgres } from '../engines/postgres/embedded-postgres.ts'
import type { Redis } from '../engines/redis/redis.ts'
import { lockDataDir, prepareDataDir } from './data-dir.ts'
import { loadOrCreateSecret } from './secrets.ts'
import { stopWhenUnused } from './stop-postgres.ts'

export interface Infrastructure {
  config: Config
  log: Log
  metrics: Metrics
  /** The consumers of logs report here how far behind they are. */
  lags: LagMetric
  database: Database
  databaseUrl: string
  /** Only with REDIS_URL. It may be unreachable at any moment. */
  redis?: Redis
  newId: () => bigint
  secrets: { tokens: string; traces: string; files: string; identity: string }
  tokenKeys: StoredTokenKeys
  close(): Promise<void>
}

/**
 * A server locks its data folder; if another server holds the lock, this throws an error that names it. A command joins
 * the PostgreSQL of a running server, or starts and stops its own. `startSignal` aborts the wait for the database.
 */
export async function openInfrastructure(
  config: Config,
  purpose: 'server' | 'cli',
  log: Log = createLog(config.logLevel),
  startSignal?: AbortSignal,
): Promise<Infrastructure> {
  const opened = new AsyncDisposableStack()
  try {
    await prepareDataDir(config.dataDir)
    const metrics = createMetrics()
    const name = `broadsheet ${purpose} ${process.pid}`
    let databaseUrl = config.databaseUrl
    if (!databaseUrl) {
      if (purpose === 'server') opened.adopt(await lockDataDir(config.dataDir), lock => lock.release())
      const postgres = await startPostgres({ dataDir: config.dataDir, log: log.child({ part: 'postgres' }) })
      opened.defer(() => stopWhenUnused(postgres, name))
      databaseUrl = postgres.url
    }
    const database = opened.adopt(
      openDatabase({ url: databaseUrl, name, log, metrics, connectionsMax: config.databaseConnections }),
      each => each.close(),
    )
    // A database on another machine may start after us.
    await waitForDatabase(database.db, config.databaseUrl ? 30_000 : 5_000, log, startSignal).catch(err => {
      throw config.databaseUrl && !startSignal?.aborted
        ? new Error(`the database in DATABASE_URL does not answer: ${err.message}`, { cause: err })
        : err
    })
    const applied = await migrate(database.pool)
    if (applied.length > 0) log.info({ applied }, 'database migrated')
    if (await adoptLogs(database.db)) log.warn('this database was restored from another server: its change log starts anew')
    const redis = config.redisUrl ? opened.adopt(await openRedis(config.redisUrl, name, log), each => each.close()) : undefined
    // So that the first requests can use it. The start goes on without it.
    await redis?.connected(1_000)
    const ids = opened.adopt(await createIdGenerator({ db: database.db, log }), each => each.close())
    const secrets = {
      tokens: config.tokenKey ?? (await loadOrCreateSecret(config.dataDir, 'token-key')),
      traces: config.traceKey ?? (await loadOrCreateSecret(config.dataDir, 'trace-key')),
      identity: config.identityKey ?? (await loadOrCreateSecret(config.dataDir, 'identity-key')),
      files: config.filesKey ?? (await loadOrCreateSecret(config.dataDir, 'files-key')),
    }
    const tokenKeys = await openTokenKeys({ db: database.db, secret: secrets.tokens })
    const stack = opened.move()
    return {
      config,
      log,
      metrics,
      lags: createLagMetric(metrics),
      database,
      databaseUrl,
      redis,
      newId: ids.newId,
      secrets,
      tokenKeys,
      close: () => stack.disposeAsync(),
    }
  } catch (err) {
    await opened.disposeAsync()
    throw err
  }
}

/** The client library is loaded only if REDIS_URL is set. */
const openRedis = async (url: string, name: string, log: Log) =>
  (await import('../engines/redis/open-redis.ts')).openRedis({ url, name, log })
