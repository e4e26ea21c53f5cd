// Notices a database that takes what it is sent and never answers: a machine that hangs, a network that swallows. TCP
// would wait for a quarter of an hour. When a connection waits for an answer and none of the pool has heard a byte for a
// while, a new connection is tried; if that is not answered either, those that wait are broken, so that whoever waits
// hears of it and the pool makes others.

import type { Socket } from 'node:net'
import pg from 'pg'
import type { Log } from '../../base/log.ts'

const LOOK_MS = 500
/** Longer than a query of a request takes, and shorter than anybody waits for it. */
const SILENT_MS = 1_500
/** As everywhere: who accepts no connection within it is down. */
const CONNECT_MS = 2_000

export function watchSilence(pool: pg.Pool, { url, log }: { url: string; log: Log }): () => void {
  const sockets = new Map<pg.PoolClient, Socket>()
  pool.on('connect', client => void sockets.set(client, (client as unknown as { connection: { stream: Socket } }).connection.stream))
  pool.on('remove', client => void sockets.delete(client))
  let bytes = -1
  let heardAt = performance.now()
  let lookedAt = heardAt
  let trying = false

  async function look(): Promise<void> {
    const now = performance.now()
    const read = [...sockets.values()].reduce((sum, socket) => sum + socket.bytesRead, 0)
    // When we ourselves stood still, what has arrived meanwhile is not read yet.
    const late = now - lookedAt > 2 * LOOK_MS
    lookedAt = now
    if (late || read !== bytes || pool.totalCount === pool.idleCount) heardAt = now
    bytes = read
    if (trying || now - heardAt < SILENT_MS) return
    trying = true
    const waiting = [...sockets.values()]
    const answered = await answers(url)
    trying = false
    heardAt = performance.now()
    if (answered) return // a query that takes its time
    log.warn({ connections: waiting.length }, 'the database is silent, its connections are given up')
    for (const socket of waiting) socket.destroy(new Error('Connection terminated: the database is silent'))
  }

  const timer = setInterval(() => void look(), LOOK_MS).unref()
  return () => clearInterval(timer)
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet silence', connectionTimeoutMillis: CONNECT_MS })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch (err) {
    // One that refuses for want of room answers.
    return /^\w{5}$/.test(String((err as { code?: string }).code))
  } finally {
    client.end().catch(() => {})
  }
}
