// Several real processes on one PostgreSQL and one Redis, as an operator runs them on several machines.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cleanup } from './cleanup.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { freePort, startRedis, type TestRedis } from './redis.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export interface Cluster {
  database: TestDatabase
  redis: TestRedis
  /** The processes that serve readers. */
  apis: ServerProcess[]
  recommender: ServerProcess
  all: ServerProcess[]
  /** Starts a process that has ended again, on the same ports and data folder. */
  restart(server: ServerProcess): Promise<ServerProcess>
}

// The processes of a cluster share these keys.
const SECRETS = {
  TOKEN_KEY: 'token-key-of-a-cluster-in-a-test-',
  TRACE_KEY: 'trace-key-of-a-cluster-in-a-test-',
  FILES_KEY: 'files-key-of-a-cluster-in-a-test-',
}

/**
 * Starts `apis` API processes, a recommender and a worker. With `small` the first API process is the recommender and the worker
 * as well.
 */
export async function startCluster({
  apis,
  small = false,
  env = {},
}: {
  apis: number
  small?: boolean
  env?: Record<string, string>
}): Promise<Cluster> {
  const [database, redis, port] = await Promise.all([testDatabase(), startRedis(), freePort()])
  // The first API process listens on the public address.
  const front = { PORT: String(port) }
  const filesFolder = await mkdtemp(join(tmpdir(), 'broadsheet-cluster-files-'))
  cleanup(() => rm(filesFolder, { recursive: true, force: true }))
  const common = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    DATABASE_CONNECTIONS: '5',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    FILES_URL: pathToFileURL(filesFolder).href,
    LOG_LEVEL: 'warn',
    ...SECRETS,
    ...env,
  }
  const givenTo = new Map<ServerProcess, Record<string, string>>()
  const start = async (given: Record<string, string>) => {
    const dataDir = given.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'broadsheet-cluster-')))
    const server = await startServer(undefined, dataDir, { ...common, ...given })
    givenTo.set(server, { ...given, DATA_DIR: dataDir })
    cleanup(async () => {
      server.kill('SIGCONT')
      server.kill('SIGKILL')
      await server.ended()
      await rm(dataDir, { recursive: true, force: true })
    })
    return server
  }
  const restart = (server: ServerProcess) =>
    start({
      ...givenTo.get(server),
      PORT: new URL(server.url).port,
      ...(server.grpc && { GRPC_PORT: server.grpc.split(':').at(-1) as string }),
    })
  const recommender = await start(small ? { ROLES: 'api,realtime,recommender,worker', ...front } : { ROLES: 'recommender' })
  const api = (first: boolean) => start({ ROLES: 'api,realtime', RECOMMENDER_ADDRESS: recommender.grpc, ...(first && front) })
  const others = await Promise.all([
    ...Array.from({ length: small ? apis - 1 : apis }, (_, i) => api(!small && i === 0)),
    ...(small ? [] : [start({ ROLES: 'worker' })]),
  ])
  const serving = small ? [recommender, ...others] : others.slice(0, apis)
  return { database, redis, apis: serving, recommender, all: [recommender, ...others], restart }
}
