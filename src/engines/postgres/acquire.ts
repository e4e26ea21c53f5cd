// Getting hold of a server: as its starter, with the claim, or by joining the one that another process has started.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import { findBinaries } from './binaries.ts'
import { clusterFolder, findCluster, restoreOwner } from './cluster-folder.ts'
import { createCluster } from './create-cluster.ts'
import { launch, obstacleOf } from './launch.ts'
import { acquireLock, findLockHolder } from './lock.ts'
import { findFreePort } from './port.ts'
import { findLastPort, findRunningServer, isServerRunning, type Postmaster, readPostmaster } from './postmaster-file.ts'
import { findRunAs } from './run-as.ts'

export interface AcquiredServer {
  isOwner: boolean
  pid: number
  port: number
  /** Resolves with its last words when the server is gone. */
  ended: Promise<string[]>
  stop(): Promise<void>
}

export interface AcquireOptions {
  dataDir: string
  log: Log
  /** Aborted when we no longer want it. */
  cancelled: AbortSignal
}

const OBSTACLE_SECONDS = 30 // orphans of a killed server end with their query; nobody waits longer for a start to say why
const STARTER_SECONDS = 60 // a first start creates the cluster in one second; on a slow, busy disk it took twenty
const POLL_MS = 50 // reading one small file

/** Our own server, or the one another process has: whichever comes first. */
export async function acquireServer(where: AcquireOptions, port: number | undefined): Promise<AcquiredServer> {
  const { dataDir, cancelled } = where
  const giveUp = Date.now() + STARTER_SECONDS * 1000
  for (;;) {
    const claimed = await acquireLock(dataDir)
    if (claimed) {
      try {
        const own = await startServer(where, port)
        const ended = own.ended.then(said => {
          claimed.release()
          return said
        })
        return { ...own, isOwner: true, ended }
      } catch (error) {
        claimed.release()
        throw error
      }
    }
    const live = findRunningServer(clusterFolder(dataDir))
    if (live?.status === 'ready') return joinServer(dataDir, live)
    if (!live && Date.now() > giveUp) {
      throw new Error(`process ${await findLockHolder(dataDir)} holds ${dataDir}, but no PostgreSQL came up in ${STARTER_SECONDS} s`)
    }
    await sleep(POLL_MS, undefined, { signal: cancelled })
  }
}

function joinServer(home: string, { pid, port }: Postmaster): AcquiredServer {
  const left = new AbortController()
  const cluster = clusterFolder(home)
  const watch = async (): Promise<string[]> => {
    while (isServerRunning(pid, cluster)) await sleep(200, undefined, { signal: left.signal, ref: false }) // a pause that readers hardly notice
    return []
  }
  return { isOwner: false, pid, port, ended: watch().catch(() => []), stop: async () => left.abort() }
}

async function startServer({ dataDir, log, cancelled }: AcquireOptions, wished: number | undefined) {
  const cluster = clusterFolder(dataDir)
  const existing = findCluster(dataDir)
  const binaries = findBinaries(existing?.major)
  const as = findRunAs(binaries.postgres, dataDir, existing?.owner)
  if (existing) restoreOwner(dataDir, as)
  else await createCluster(dataDir, binaries, as, log)

  const giveUp = Date.now() + OBSTACLE_SECONDS * 1000
  for (;;) {
    await stopOrphan(cluster, log, cancelled)
    const port = wished ?? (await findFreePort(findLastPort(cluster)))
    const hasStalePidFile = readPostmaster(cluster) !== undefined
    try {
      return await launch({ binaries, as, cluster, port, hasStalePidFile })
    } catch (error) {
      const obstacle = obstacleOf(error)
      if (!obstacle || Date.now() > giveUp) throw error
      log.debug({ obstacle }, 'postgres cannot start yet')
    }
    await sleep(4 * POLL_MS, undefined, { signal: cancelled })
  }
}

/** We have the claim, so whoever started the server that runs here is dead, and it is about to end or should. */
async function stopOrphan(cluster: string, log: Log, unwanted: AbortSignal): Promise<void> {
  const orphan = findRunningServer(cluster)
  if (!orphan) return
  log.info({ pid: orphan.pid }, 'waiting for the server of a killed process to end')
  const giveUp = Date.now() + OBSTACLE_SECONDS * 1000
  process.kill(orphan.pid, 'SIGINT')
  while (isServerRunning(orphan.pid, cluster)) {
    if (Date.now() > giveUp) throw new Error(`PostgreSQL ${orphan.pid}, left by a killed process, does not end: kill it`)
    await sleep(POLL_MS, undefined, { signal: unwanted })
  }
}
