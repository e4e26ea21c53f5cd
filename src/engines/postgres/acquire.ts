// Acquires a server for a data directory: the process that gets the lock starts one; the others join it.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import { findBinaries } from './binaries.ts'
import { clusterFolder, findCluster, restoreOwner } from './cluster-folder.ts'
import { createCluster } from './create-cluster.ts'
import { type LaunchedServer, launch, obstacleOf } from './launch.ts'
import { acquireLock, findLockHolder } from './lock.ts'
import { findFreePort } from './port.ts'
import { findLastPort, findRunningServer, isServerRunning, type Postmaster, readPostmaster } from './postmaster-file.ts'
import { findRunAs } from './run-as.ts'

export interface AcquiredServer {
  /** This process started it. */
  isOwner: boolean
  pid: number
  port: number
  /** Resolves when the server has ended, with the last lines it wrote. Never rejects. */
  ended: Promise<string[]>
  /** Stops an own server. Leaves a joined one running. */
  stop(): Promise<void>
}

export interface AcquireOptions {
  /** The real path, as `openDataDir` returns it. */
  dataDir: string
  log: Log
  /** How many connections an own server accepts. */
  connectionsMax?: number
  /** Aborted when the server is no longer needed. */
  cancelled: AbortSignal
}

const OBSTACLE_TIMEOUT_MS = 30_000 // a killed server's remaining processes end with their query
const OWNER_TIMEOUT_MS = 60_000 // a first start takes one second; on a slow, busy disk it took twenty
const POLL_MS = 50 // reads one small file
const LIVENESS_POLL_MS = 200

/** `port` is given when a server is to come back on it. Throws if none can be started or joined in time. */
export async function acquireServer(options: AcquireOptions, port: number | undefined): Promise<AcquiredServer> {
  const { dataDir, cancelled } = options
  const giveUpAt = Date.now() + OWNER_TIMEOUT_MS
  for (;;) {
    const lock = await acquireLock(dataDir)
    if (lock) {
      try {
        const server = await startServer(options, port)
        const ended = server.ended.then(lines => {
          lock.release()
          return lines
        })
        return { ...server, isOwner: true, ended }
      } catch (error) {
        lock.release()
        throw error
      }
    }
    const running = findRunningServer(clusterFolder(dataDir))
    if (running?.status === 'ready') return joinServer(dataDir, running)
    if (!running && Date.now() > giveUpAt) {
      const holder = await findLockHolder(dataDir)
      throw new Error(`process ${holder} has locked ${dataDir}, but started no PostgreSQL in ${OWNER_TIMEOUT_MS / 1000} s`)
    }
    await sleep(POLL_MS, undefined, { signal: cancelled })
  }
}

function joinServer(dataDir: string, { pid, port }: Postmaster): AcquiredServer {
  const stopped = new AbortController()
  const cluster = clusterFolder(dataDir)
  const waitForEnd = async (): Promise<string[]> => {
    while (isServerRunning(pid, cluster)) await sleep(LIVENESS_POLL_MS, undefined, { signal: stopped.signal, ref: false })
    return []
  }
  return { isOwner: false, pid, port, ended: waitForEnd().catch(() => []), stop: async () => stopped.abort() }
}

async function startServer(options: AcquireOptions, givenPort: number | undefined): Promise<LaunchedServer> {
  const { dataDir, log, connectionsMax, cancelled } = options
  const cluster = clusterFolder(dataDir)
  const existing = findCluster(dataDir)
  const binaries = findBinaries(existing?.major)
  const runAs = findRunAs(binaries.postgres, dataDir, existing?.owner)
  if (existing) restoreOwner(dataDir, runAs)
  else await createCluster(dataDir, binaries, runAs, log)

  const giveUpAt = Date.now() + OBSTACLE_TIMEOUT_MS
  for (;;) {
    await stopOrphan(cluster, log, cancelled)
    const port = givenPort ?? (await findFreePort(findLastPort(cluster)))
    const hasStalePidFile = readPostmaster(cluster) !== undefined
    try {
      return await launch({ binaries, runAs, cluster, port, connectionsMax, hasStalePidFile })
    } catch (error) {
      const obstacle = obstacleOf(error)
      if (!obstacle || Date.now() > giveUpAt) throw error
      log.debug({ obstacle }, 'postgres cannot start yet')
    }
    await sleep(4 * POLL_MS, undefined, { signal: cancelled })
  }
}

/** Stops a server that still runs although this process holds the lock: its owner was killed. */
async function stopOrphan(cluster: string, log: Log, cancelled: AbortSignal): Promise<void> {
  const orphan = findRunningServer(cluster)
  if (!orphan) return
  log.info({ pid: orphan.pid }, 'waiting for the server of a killed process to end')
  const giveUpAt = Date.now() + OBSTACLE_TIMEOUT_MS
  process.kill(orphan.pid, 'SIGINT')
  while (isServerRunning(orphan.pid, cluster)) {
    if (Date.now() > giveUpAt) throw new Error(`PostgreSQL ${orphan.pid}, left by a killed process, does not end: kill it`)
    await sleep(POLL_MS, undefined, { signal: cancelled })
  }
}
