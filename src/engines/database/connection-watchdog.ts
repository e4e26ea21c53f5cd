// Detects a database that accepts data and never answers, which TCP would notice after a quarter of an hour. If a connection
// has waited for a while without a byte, the watchdog opens a probe connection. If the probe gets no answer, it destroys all
// waiting connections. If the probe works, it destroys those whose backend PostgreSQL does not know. Their queries fail, and the
// pool opens new connections.

import type { Socket } from 'node:net'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../../base/log.ts'

const LOOK_MS = 500
/** Longer than a query of a request takes, and shorter than anybody waits for it. */
const SILENT_MS = 1_500
/** As everywhere: who accepts no connection within it is down. */
const CONNECT_MS = 2_000

/** What the driver knows and does not tell of in its types. */
type Client = pg.PoolClient & {
  connection: { stream: Socket }
  /** The number of its process in the database. */
  processID: number
  /** Whether it waits for no answer. */
  readyForQuery: boolean
}

interface Heard {
  bytes: number
  at: number
}

export function watchConnections(pool: pg.Pool, { url, log }: { url: string; log: Log }): () => void {
  const clients = new Map<Client, Heard>()
  pool.on('connect', client => void clients.set(client as Client, { bytes: 0, at: performance.now() }))
  pool.on('remove', client => void clients.delete(client as Client))
  let lookedAt = performance.now()
  let trying = false

  /** Those that have waited for a while, and have heard nothing in it. */
  function listSilentClients(): Client[] {
    const now = performance.now()
    // When we ourselves stood still, what has arrived meanwhile is not read yet.
    const late = now - lookedAt > 2 * LOOK_MS
    lookedAt = now
    return [...clients].flatMap(([client, heard]) => {
      const { bytesRead } = client.connection.stream
      if (late || client.readyForQuery || bytesRead !== heard.bytes) Object.assign(heard, { bytes: bytesRead, at: now })
      return now - heard.at < SILENT_MS ? [] : [client]
    })
  }

  async function check(): Promise<void> {
    const waiting = listSilentClients()
    if (trying || waiting.length === 0) return
    trying = true
    try {
      const working = await findActiveBackends(url, waiting)
      const lost = working ? waiting.filter(client => !working.has(client.processID)) : [...clients.keys()]
      if (working && lost.length > 0) {
        // An answer may have been on its way.
        await sleep(LOOK_MS, undefined, { ref: false })
        await turn()
      }
      const given = lost.filter(client => clients.has(client) && (!working || isStill(client)))
      // A query that takes its time is asked about again after a while.
      for (const client of waiting) Object.assign(clients.get(client) ?? {}, { at: performance.now() })
      if (given.length === 0) return
      log.warn({ connections: given.length }, 'the database is silent, its connections are given up')
      const why = working ? 'the database knows nothing of it' : 'the database is silent'
      for (const { connection } of given) connection.stream.destroy(new Error(`Connection terminated: ${why}`))
    } finally {
      trying = false
    }
  }

  const isStill = (client: Client) => !client.readyForQuery && client.connection.stream.bytesRead === clients.get(client)?.bytes

  const timer = setInterval(() => void check(), LOOK_MS).unref()
  return () => clearInterval(timer)
}

/** For whom of them the database works at this moment; nothing when it does not answer at all. */
async function findActiveBackends(url: string, clients: Client[]): Promise<Set<number> | undefined> {
  const all = new Set(clients.map(client => client.processID))
  const probe = new pg.Client({
    connectionString: url,
    application_name: 'broadsheet silence',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
  })
  probe.on('error', () => {})
  try {
    await probe.connect()
    const { rows } = await probe.query<{ pid: number; own: boolean }>(
      `select pid, pid = pg_backend_pid() as own from pg_stat_activity where state = 'active' and pid = any($1::int[] || pg_backend_pid())`,
      [[...all]],
    )
    // Behind a pooler the numbers are not those of the database, and some do not keep what works: nothing is known of anybody then.
    const own = rows.find(row => row.own)?.pid
    return own === (probe as unknown as Client).processID ? new Set(rows.map(row => row.pid)) : all
  } catch (err) {
    // One that refuses for want of room answers.
    return /^\w{5}$/.test(String((err as { code?: string }).code)) ? all : undefined
  } finally {
    probe.end().catch(() => {})
  }
}
