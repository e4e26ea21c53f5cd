// The embedded PostgreSQL of a data directory. Any number of our processes may ask for it: one of them has it as its child,
// the others join. Whenever it ends without being told to, the one that had it starts it again, and when that one is gone too,
// another takes over; always on the same port, so that pools of connections find it again by themselves.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import { type AcquiredServer, type AcquireOptions, acquireServer } from './acquire.ts'
import { connectionUrl, openDataDir } from './cluster-folder.ts'

export interface EmbeddedPostgres {
  url: string
  /** True when this process started it and must stop it. May become true later, when its starter goes and we take over. */
  isOwner: boolean
  pid: number
  stop(): Promise<void>
}

/** Call from the main thread: the life of the server is tied to the thread that starts it. */
export async function startPostgres({ dataDir, log }: { dataDir: string; log: Log }): Promise<EmbeddedPostgres> {
  const stopping = new AbortController()
  const where: AcquireOptions = { dataDir: openDataDir(dataDir), log, cancelled: stopping.signal }
  let held = await acquireServer(where, undefined)
  const { port } = held
  const kept = superviseServer(where, held, renewed => {
    held = renewed
  })
  let stopped: Promise<void> | undefined
  return {
    url: connectionUrl(where.dataDir, port),
    get isOwner() {
      return held.isOwner
    },
    get pid() {
      return held.pid
    },
    stop() {
      stopping.abort()
      stopped ??= kept.then(() => held.stop())
      return stopped
    },
  }
}

/** Watches until nobody wants it any more, and gets it back whenever it is gone. */
async function superviseServer(
  { dataDir, log, cancelled }: AcquireOptions,
  first: AcquiredServer,
  renew: (held: AcquiredServer) => void,
): Promise<void> {
  const { port } = first
  const until = new Promise<undefined>(resolve => cancelled.addEventListener('abort', () => resolve(undefined), { once: true }))
  let [held, since, delay] = [first, Date.now(), 100]
  for (;;) {
    const said = await Promise.race([held.ended, until])
    if (cancelled.aborted) return
    log.warn({ pid: held.pid, own: held.isOwner, said }, 'postgres ended, starting it again')
    // Every start that does not last 10 s doubles the pause, up to 5 s: a broken server must not eat a core.
    delay = Date.now() - since > 10_000 ? 100 : Math.min(delay * 2, 5_000)
    for (;;) {
      await sleep(delay, undefined, { signal: cancelled }).catch(() => {})
      if (cancelled.aborted) return
      try {
        held = await acquireServer({ dataDir, log, cancelled }, port)
        break
      } catch (err) {
        if (cancelled.aborted) return
        log.error({ err }, 'postgres does not come back, trying again')
        delay = Math.min(delay * 2, 5_000)
      }
    }
    renew(held)
    since = Date.now()
    if (held.port !== port) log.error({ was: port, now: held.port }, 'postgres came back on another port: restart this process')
    else log.info({ pid: held.pid, own: held.isOwner }, 'postgres is back')
  }
}
