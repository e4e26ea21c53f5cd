// Listens to NOTIFY of PostgreSQL, so that log consumers and the scheduler need not wait for their next poll. A notification
// is a hint: it may be lost while the listener reconnects, so every receiver also polls.

import pg from 'pg'
import type { Log } from '../../base/log.ts'
import type { NotifyTopic } from '../../base/task.ts'

export interface Notifications<Topic extends string = NotifyTopic> {
  /** Calls `onNotify` for each notification of `topic`, and after a reconnect. */
  on(topic: Topic, onNotify: () => void): void
  close(): Promise<void>
}

interface ListenOptions<Topic> {
  url: string
  /** The application name of the connection. */
  name: string
  topics: readonly Topic[]
  log: Log
}

const RECONNECT_MS = 500
const TIMEOUT_MS = 2_000 // a PostgreSQL that does not answer within it is down, for connecting and for LISTEN alike
const START_MS = 30_000 // a start that cannot listen fails, and on a busy machine a new connection may take seconds

export async function listenForNotifications<Topic extends string>({
  url,
  name,
  topics,
  log,
}: ListenOptions<Topic>): Promise<Notifications<Topic>> {
  const listeners = new Map<string, Set<() => void>>(topics.map(topic => [topic, new Set()]))
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function connect(timeoutMs = TIMEOUT_MS): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      application_name: name,
      keepAlive: true,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    })
    next.on('error', () => {}) // 'end' follows
    next.on('end', () => {
      if (client === next) reconnectLater()
    })
    next.on('notification', ({ channel }) => {
      for (const onNotify of listeners.get(channel) ?? []) onNotify()
    })
    try {
      await next.connect()
      for (const topic of topics) await next.query(`listen ${pg.escapeIdentifier(topic)}`)
      if (closed) throw new Error('the listener was closed')
      client = next
    } catch (err) {
      next.end().catch(() => {})
      throw err
    }
  }

  function reconnectLater(): void {
    client = undefined
    if (closed) return
    timer = setTimeout(() => {
      connect().then(notifyAll, err => {
        log.debug({ err: err.message }, 'cannot listen to postgres yet')
        reconnectLater()
      })
    }, RECONNECT_MS)
  }

  /** After a reconnect, because notifications may have been missed. */
  function notifyAll(): void {
    for (const onNotify of [...listeners.values()].flatMap(each => [...each])) onNotify()
  }

  await connect(START_MS)
  return {
    on: (topic, onNotify) => void listeners.get(topic)?.add(onNotify),
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}
