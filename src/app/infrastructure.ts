// What every process needs, whatever its roles: the database, Redis, ids, secrets, log and metrics.

import { createLog, type Log } from '../base/log.ts'
import { createMetrics, type Metrics } from '../base/metrics.ts'
import type { Config } from '../config.ts'
import type { Database } from '../engines/database/database.ts'
import { createIdGenerator } from '../engines/database/id-generator.ts'
import { migrate } from '../engines/database/migrate.ts'
import { openTokenKeys, type StoredTokenKeys } from '../engines/keys/token-keys.ts'
import { adoptLogs } from '../engines/log/incarnation.sql.ts'
import { createLagMetric, type LagMetric } from '../engines/log/lag.ts'
import type { Redis } from '../engines/redis/redis.ts'
import { openInstalledDatabase } from './open-database.ts'
import { loadKey } from './secrets.ts'

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
    const metrics = createMetrics()
    const { database, url: databaseUrl, name } = await openInstalledDatabase(opened, { config, purpose, log, metrics, startSignal })
    const applied = await migrate(database.pool)
    if (applied.length > 0) log.info({ applied }, 'database migrated')
    if (await adoptLogs(database.db)) log.warn('this database was restored from another server: its change log starts anew')
    const redis = config.redisUrl ? opened.adopt(await openRedis(config.redisUrl, name, log), each => each.close()) : undefined
    // So that the first requests can use it. The start goes on without it.
    await redis?.connected(1_000)
    const ids = opened.adopt(await createIdGenerator({ db: database.db, log }), each => each.close())
    const secrets = {
      tokens: await loadKey(config, 'token-key'),
      traces: await loadKey(config, 'trace-key'),
      identity: await loadKey(config, 'identity-key'),
      files: await loadKey(config, 'files-key'),
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
