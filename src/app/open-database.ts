// The database of this installation: an embedded PostgreSQL in the data folder, or the one in DATABASE_URL.

import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import type { Config } from '../config.ts'
import { type Database, openDatabase, waitForDatabase } from '../engines/database/database.ts'
import { startPostgres } from '../engines/postgres/embedded-postgres.ts'
import { lockDataDir, prepareDataDir } from './data-dir.ts'
import { stopWhenUnused } from './stop-postgres.ts'

/** `restore`: a command that locks the data folder as a server does. */
export type Purpose = 'server' | 'cli' | 'restore'

export interface OpenedDatabase {
  database: Database
  url: string
  /** Our name in PostgreSQL's list of connections. */
  name: string
}

/**
 * Until a server is ready, no request waits for it, and on a busy machine a new connection may take seconds. A server ends this patience when
 * it is ready; a command keeps it. It begins when the database has answered: a signal ends the wait for that between two attempts.
 */
const START_CONNECT_MS = 30_000

/** What was opened is closed with `opened`. The database need not be migrated. */
export async function openInstalledDatabase(
  opened: AsyncDisposableStack,
  {
    config,
    purpose,
    log,
    metrics,
    startSignal,
  }: { config: Config; purpose: Purpose; log: Log; metrics?: Metrics; startSignal?: AbortSignal },
): Promise<OpenedDatabase> {
  await prepareDataDir(config.dataDir)
  const name = `broadsheet ${purpose} ${process.pid}`
  let url = config.databaseUrl
  if (!url) {
    if (purpose !== 'cli') opened.adopt(await lockDataDir(config.dataDir), lock => lock.release())
    const postgres = await startPostgres({ dataDir: config.dataDir, log: log.child({ part: 'postgres' }) })
    opened.defer(() => stopWhenUnused(postgres, name))
    url = postgres.url
  }
  const database = opened.adopt(openDatabase({ url, name, log, metrics, connectionsMax: config.databaseConnections }), each => each.close())
  // A database on another machine may start after us.
  await waitForDatabase(database.db, START_CONNECT_MS, log, startSignal).catch(err => {
    throw config.databaseUrl && !startSignal?.aborted
      ? new Error(`the database in DATABASE_URL does not answer: ${err.message}`, { cause: err })
      : err
  })
  database.setConnectMs(START_CONNECT_MS)
  return { database, url, name }
}
