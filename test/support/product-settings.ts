// The three settings in which the journeys run, chosen by PRODUCT:
// `embedded` everything in this process · `cleared` the same, but closed and opened again between any two requests, so that
// only database rows last · `cluster` four processes on one PostgreSQL and one Redis; requests alternate between two of them.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type App, createApp } from '../../src/app/app.ts'
import type { AdministratorId } from '../../src/base/id.ts'
import { type Log, silentLog } from '../../src/base/log.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { FRESH_KEY } from '../../src/engines/counters/redis/keys.ts'
import { type Db, isDatabaseUnavailable, openDatabase } from '../../src/engines/database/database.ts'
import { createAdministrator } from '../../src/features/admins/admins.sql.ts'
import { cleanup } from './cleanup.ts'
import { patient, testDatabase } from './database.ts'
import { cheapPasswordHash } from './password-hash.ts'
import { eventually, PATIENCE_MS, within } from './waiting.ts'

export type Setting = 'embedded' | 'cleared' | 'cluster'
export const SETTING = (process.env.PRODUCT ?? 'embedded') as Setting

/**
 * Fewer than an operator's: each connection is a process of PostgreSQL that reads the catalogue and plans every statement for
 * itself, and lives for seconds here.
 */
const CONNECTIONS = '8'

export interface RunningProduct {
  db: Db
  databaseUrl: string
  dataDir: string
  app: Pick<App, 'close'>
  /** Of each process that serves readers. */
  urls: string[]
  grpc: string
  /** Of each process with metrics. The first is the recommender. */
  metricsUrls: string[]
  /** Awaited before a request when no other request is running. */
  beforeRequest(): Promise<void>
  /** Waits until counts include every transaction committed so far. */
  waitForCounts(): Promise<void>
}

interface InProcessOptions {
  log: Log
  setting: Setting
  withRealPassword: boolean
  connectMs?: number | undefined
}

/** In this process, `embedded` or `cleared`. With `DATABASE_URL` in `env` it shares the database of another product. */
export async function startInProcess(
  env: Record<string, string>,
  { log, setting, withRealPassword, connectMs = PATIENCE_MS }: InProcessOptions,
): Promise<RunningProduct> {
  const { db, url: databaseUrl } = env.DATABASE_URL ? openSharedDatabase(env.DATABASE_URL) : await testDatabase()
  if (!env.DATABASE_URL && !withRealPassword) await insertFirstAdministrator(db, env)
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-product-'))
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    PORT: '0',
    GRPC_PORT: '0',
    DEMO: '0',
    DATABASE_CONNECTIONS: CONNECTIONS,
    ...env,
  })
  let app: App | undefined = await within(createAppPatiently(config, { log, connectMs }), 'the product starts', 4 * PATIENCE_MS)
  const [url, grpc] = [app.url, app.grpc ?? '']
  /** Lets go of it: the variables of a test file last as long as its process, and hundreds of files run in one. */
  const close = async () => {
    const open = app
    app = undefined
    await open?.close()
  }
  cleanup(async () => {
    await close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const samePorts = {
    ...config,
    port: Number(new URL(url || 'http://x:0').port),
    grpc: { ...config.grpc, port: Number(grpc.split(':').at(-1)) },
  }
  const beforeRequest = async () => {
    if (setting !== 'cleared' || !app) return
    await app.close()
    app = await createAppPatiently(samePorts, { log, connectMs })
  }
  return { db, databaseUrl, dataDir, app: { close }, urls: [url], grpc, metricsUrls: [url], beforeRequest, waitForCounts: async () => {} }
}

export async function startAsCluster(env: Record<string, string>): Promise<RunningProduct> {
  const { REDIS_URL: _, ...rest } = env // the cluster starts its own Redis
  const { startCluster } = await import('./cluster.ts') // its Redis client takes 0.1 s to load
  const { database, redis, apis, recommender, all } = await startCluster({ apis: 2, env: rest })
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-product-'))
  cleanup(() => rm(dataDir, { recursive: true, force: true }))
  async function close(): Promise<void> {
    for (const server of all) server.kill('SIGTERM')
    await Promise.all(all.map(server => server.ended()))
  }
  async function waitForCounts(): Promise<void> {
    const { rows } = await sql<{ xmax: string }>`select pg_snapshot_xmax(pg_current_snapshot())::text as xmax`.execute(database.db)
    // Counts in Redis include every transaction below this number.
    const checkpoint = async () => BigInt(String(await redis.send('GET', FRESH_KEY)).split(' ')[1] ?? 0)
    await eventually(checkpoint, xid => xid >= BigInt(rows[0]?.xmax ?? 0))
  }
  return {
    db: database.db,
    databaseUrl: database.url,
    dataDir,
    app: { close },
    urls: apis.map(api => api.url),
    grpc: recommender.grpc,
    metricsUrls: all.map(server => server.url),
    beforeRequest: async () => {},
    waitForCounts,
  }
}

/** Tries again while the database has no connection left, as a service manager would. */
async function createAppPatiently(config: Config, options: { log: Log; connectMs: number }): Promise<App> {
  for (const giveUp = performance.now() + 3 * PATIENCE_MS; ; )
    try {
      return await createApp(config, { ...options, drainNoticeMs: 0 })
    } catch (err) {
      if (!isDatabaseUnavailable(err as Error) || performance.now() > giveUp) throw err
    }
}

function openSharedDatabase(url: string): { db: Db; url: string } {
  const { db, close } = patient(openDatabase({ url, name: 'test', log: silentLog }))
  cleanup(close)
  return { db, url }
}

/** With an administrator in the table, the start hashes no password: a quarter of a second, and as much for each sign-in later. */
function insertFirstAdministrator(db: Db, { ADMIN_ACCOUNT = 'admin', ADMIN_PASSWORD }: Record<string, string>): Promise<unknown> {
  const usable = ADMIN_PASSWORD && { account: ADMIN_ACCOUNT, hash: cheapPasswordHash(ADMIN_PASSWORD) }
  const { account, hash } = usable || { account: 'unusable', hash: '' }
  return createAdministrator(db, { id: FIRST_ADMINISTRATOR, account, name: account, hash })
}

const FIRST_ADMINISTRATOR = (76n * 10n ** 17n) as AdministratorId
