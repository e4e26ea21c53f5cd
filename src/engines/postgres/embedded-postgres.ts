// The embedded PostgreSQL of a data directory, for any number of processes: one starts it as its child, the others join.
// When it ends unasked, its owner starts it again; when the owner is gone too, another process takes over. It always comes
// back on the same port, so that connection pools find it. README.md tells the life of the server step by step.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import { type AcquiredServer, type AcquireOptions, acquireServer } from './acquire.ts'
import { connectionUrl, openDataDir } from './cluster-folder.ts'

export interface EmbeddedPostgres {
  url: string
  /** This process started the server and has to stop it. Becomes true when this process takes over. */
  isOwner: boolean
  pid: number
  stop(): Promise<void>
}

// A start that lasts less than ten seconds doubles the wait before the next, so that a broken server does not use up a core.
const RESTART_DELAY_MS = 100
const RESTART_DELAY_MAX_MS = 5_000
const STABLE_AFTER_MS = 10_000

interface StartOptions {
  dataDir: string
  log: Log
  /** If this process starts the server: how many connections it accepts. */
  connectionsMax?: number
}

/** Call it from the main thread: the server ends with the thread that started it. */
export async function startPostgres({ dataDir, log, connectionsMax }: StartOptions): Promise<EmbeddedPostgres> {
  const stopping = new AbortController()
  const options: AcquireOptions = { dataDir: openDataDir(dataDir), log, connectionsMax, cancelled: stopping.signal }
  let server = await acquireServer(options, undefined)
  const { port } = server
  const supervision = superviseServer(options, server, restarted => {
    server = restarted
  })
  let stopped: Promise<void> | undefined
  return {
    url: connectionUrl(options.dataDir, port),
    get isOwner() {
      return server.isOwner
    },
    get pid() {
      return server.pid
    },
    stop() {
      stopping.abort()
      stopped ??= supervision.then(() => server.stop())
      return stopped
    },
  }
}

/** Acquires the server again whenever it ends, until it is no longer needed. */
async function superviseServer(options: AcquireOptions, first: AcquiredServer, onRestart: (server: AcquiredServer) => void): Promise<void> {
  const { log, cancelled } = options
  const { port } = first
  const cancellation = new Promise<undefined>(resolve => cancelled.addEventListener('abort', () => resolve(undefined), { once: true }))
  let [server, acquiredAt, delayMs] = [first, Date.now(), RESTART_DELAY_MS]
  for (;;) {
    const lines = await Promise.race([server.ended, cancellation])
    if (cancelled.aborted) return
    log.warn({ pid: server.pid, own: server.isOwner, said: lines }, 'postgres ended, starting it again')
    delayMs = Date.now() - acquiredAt > STABLE_AFTER_MS ? RESTART_DELAY_MS : Math.min(delayMs * 2, RESTART_DELAY_MAX_MS)
    for (;;) {
      await sleep(delayMs, undefined, { signal: cancelled }).catch(() => {})
      if (cancelled.aborted) return
      try {
        server = await acquireServer(options, port)
        break
      } catch (err) {
        if (cancelled.aborted) return
        log.error({ err }, 'postgres does not come back, trying again')
        delayMs = Math.min(delayMs * 2, RESTART_DELAY_MAX_MS)
      }
    }
    onRestart(server)
    acquiredAt = Date.now()
    if (server.port !== port) log.error({ was: port, now: server.port }, 'postgres came back on another port: restart this process')
    else log.info({ pid: server.pid, own: server.isOwner }, 'postgres is back')
  }
}
