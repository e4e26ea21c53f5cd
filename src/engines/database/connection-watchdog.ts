// Detects a database that accepts data and never answers, which TCP notices only after a quarter of an hour. If a connection
// has waited for a while without receiving a byte, the watchdog opens a probe connection. If the probe gets no answer, all
// connections are destroyed; if it does, those for which PostgreSQL is not working. Their queries fail and the pool reconnects.

import type { Socket } from 'node:net'
import { setImmediate as nextEventLoopRound, setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../../base/log.ts'

const CHECK_INTERVAL_MS = 500
/** Of the time for a connection: longer than a request's query takes, and shorter than a client waits for it. */
const SILENT_SHARE = 0.75

/** Fields of the driver that its types do not declare. */
type Client = pg.PoolClient & {
  connection: { stream: Socket }
  /** The pid of its backend in PostgreSQL. */
  processID: number
  /** It waits for no answer. */
  readyForQuery: boolean
}

/** The bytes received so far, and when that number last changed or the client last waited for nothing. */
interface Progress {
  bytes: number
  at: number
}

export interface WatchdogNeeds {
  url: string
  log: Log
  /** A database that does not answer the probe in that time is down. It is probed when it was silent for three quarters of that. */
  probeMs: () => number
}

/** Watches the connections of a pool. Returns a function that stops the watchdog. */
export function watchConnections(pool: pg.Pool, { url, log, probeMs }: WatchdogNeeds): () => void {
  const clients = new Map<Client, Progress>()
  pool.on('connect', client => void clients.set(client as Client, { bytes: 0, at: performance.now() }))
  pool.on('remove', client => void clients.delete(client as Client))
  let checkedAt = performance.now()
  let probing = false

  /** Clients that have waited for too long without receiving a byte. */
  function listSilentClients(): Client[] {
    const [now, silentMs] = [performance.now(), SILENT_SHARE * probeMs()]
    // If this process was blocked, data may have arrived that has not been read yet.
    const wasBlocked = now - checkedAt > 2 * CHECK_INTERVAL_MS
    checkedAt = now
    return [...clients].flatMap(([client, progress]) => {
      const { bytesRead } = client.connection.stream
      if (wasBlocked || client.readyForQuery || bytesRead !== progress.bytes) Object.assign(progress, { bytes: bytesRead, at: now })
      return now - progress.at < silentMs ? [] : [client]
    })
  }

  const isStillSilent = (client: Client) => !client.readyForQuery && client.connection.stream.bytesRead === clients.get(client)?.bytes

  async function check(): Promise<void> {
    const silent = listSilentClients()
    if (probing || silent.length === 0) return
    probing = true
    try {
      const active = await findActiveBackends(url, silent, probeMs())
      const suspects = active ? silent.filter(client => !active.has(client.processID)) : [...clients.keys()]
      if (active && suspects.length > 0) {
        // The answer may be on its way.
        await sleep(CHECK_INTERVAL_MS, undefined, { ref: false })
        await nextEventLoopRound()
      }
      const lost = suspects.filter(client => clients.has(client) && (!active || isStillSilent(client)))
      // A slow query is checked again after as long.
      for (const client of silent) Object.assign(clients.get(client) ?? {}, { at: performance.now() })
      if (lost.length === 0) return
      log.warn({ connections: lost.length }, 'the database is silent, its connections are given up')
      const reason = active ? 'the database knows nothing of it' : 'the database is silent'
      for (const { connection } of lost) connection.stream.destroy(new Error(`Connection terminated: ${reason}`))
    } finally {
      probing = false
    }
  }

  const timer = setInterval(() => void check(), CHECK_INTERVAL_MS).unref()
  return () => clearInterval(timer)
}

/** The backends that are working for these clients now; undefined if the database does not answer. If unknown, all of them. */
async function findActiveBackends(url: string, clients: Client[], probeMs: number): Promise<Set<number> | undefined> {
  const all = new Set(clients.map(client => client.processID))
  const probe = new pg.Client({
    connectionString: url,
    application_name: 'broadsheet silence',
    connectionTimeoutMillis: probeMs,
    query_timeout: probeMs,
  })
  probe.on('error', () => {})
  try {
    await probe.connect()
    const { rows } = await probe.query<{ pid: number; own: boolean }>(
      `select pid, pid = pg_backend_pid() as own from pg_stat_activity where state = 'active' and pid = any($1::int[] || pg_backend_pid())`,
      [[...all]],
    )
    // Behind a pooler the driver's pids are not those of the database, so nothing is known.
    const ownPid = rows.find(row => row.own)?.pid
    return ownPid === (probe as unknown as Client).processID ? new Set(rows.map(row => row.pid)) : all
  } catch (err) {
    // A SQLSTATE, as of a database with too many connections, is an answer.
    return /^\w{5}$/.test(String((err as { code?: string }).code)) ? all : undefined
  } finally {
    probe.end().catch(() => {})
  }
}
