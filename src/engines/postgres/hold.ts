// Getting hold of a server: as its starter, with the claim, or by joining the one that another process has started.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import { findBinaries } from './binaries.ts'
import { claim, holderOf } from './claim.ts'
import { clusterOf, describeCluster, repairOwner } from './cluster.ts'
import { createCluster } from './create-cluster.ts'
import { launch, obstacleOf } from './launch.ts'
import { freePort } from './port.ts'
import { isLive, lastPort, livePostmaster, type Postmaster, readPostmaster } from './postmaster.ts'
import { runAs } from './run-as.ts'

export interface Held {
  own: boolean
  pid: number
  port: number
  /** Resolves with its last words when the server is gone. */
  ended: Promise<string[]>
  stop(): Promise<void>
}

export interface Where {
  home: string
  log: Log
  /** Aborted when we no longer want it. */
  unwanted: AbortSignal
}

const OBSTACLE_SECONDS = 30 // orphans of a killed server end with their query; nobody waits longer for a start to say why
const STARTER_SECONDS = 60 // a first start creates the cluster in one second; on a slow, busy disk it took twenty
const POLL_MS = 50 // reading one small file

/** Our own server, or the one another process has: whichever comes first. */
export async function hold(where: Where, port: number | undefined): Promise<Held> {
  const { home, unwanted } = where
  const giveUp = Date.now() + STARTER_SECONDS * 1000
  for (;;) {
    const claimed = await claim(home)
    if (claimed) {
      try {
        const own = await startOwn(where, port)
        const ended = own.ended.then(said => {
          claimed.release()
          return said
        })
        return { ...own, own: true, ended }
      } catch (error) {
        claimed.release()
        throw error
      }
    }
    const live = livePostmaster(clusterOf(home))
    if (live?.status === 'ready') return join(home, live)
    if (!live && Date.now() > giveUp) {
      throw new Error(`process ${await holderOf(home)} holds ${home}, but no PostgreSQL came up in ${STARTER_SECONDS} s`)
    }
    await sleep(POLL_MS, undefined, { signal: unwanted })
  }
}

function join(home: string, { pid, port }: Postmaster): Held {
  const left = new AbortController()
  const cluster = clusterOf(home)
  const watch = async (): Promise<string[]> => {
    while (isLive(pid, cluster)) await sleep(200, undefined, { signal: left.signal, ref: false }) // a pause that readers hardly notice
    return []
  }
  return { own: false, pid, port, ended: watch().catch(() => []), stop: async () => left.abort() }
}

async function startOwn({ home, log, unwanted }: Where, wished: number | undefined) {
  const cluster = clusterOf(home)
  const existing = describeCluster(home)
  const binaries = findBinaries(existing?.major)
  const as = runAs(binaries.postgres, home, existing?.owner)
  if (existing) repairOwner(home, as)
  else await createCluster(home, binaries, as, log)

  const giveUp = Date.now() + OBSTACLE_SECONDS * 1000
  for (;;) {
    await endOrphan(cluster, log, unwanted)
    const port = wished ?? (await freePort(lastPort(cluster)))
    const stale = readPostmaster(cluster) !== undefined
    try {
      return await launch({ binaries, as, cluster, port, stale })
    } catch (error) {
      const obstacle = obstacleOf(error)
      if (!obstacle || Date.now() > giveUp) throw error
      log.debug({ obstacle }, 'postgres cannot start yet')
    }
    await sleep(4 * POLL_MS, undefined, { signal: unwanted })
  }
}

/** We have the claim, so whoever started the server that runs here is dead, and it is about to end or should. */
async function endOrphan(cluster: string, log: Log, unwanted: AbortSignal): Promise<void> {
  const orphan = livePostmaster(cluster)
  if (!orphan) return
  log.info({ pid: orphan.pid }, 'waiting for the server of a killed process to end')
  const giveUp = Date.now() + OBSTACLE_SECONDS * 1000
  process.kill(orphan.pid, 'SIGINT')
  while (isLive(orphan.pid, cluster)) {
    if (Date.now() > giveUp) throw new Error(`PostgreSQL ${orphan.pid}, left by a killed process, does not end: kill it`)
    await sleep(POLL_MS, undefined, { signal: unwanted })
  }
}
