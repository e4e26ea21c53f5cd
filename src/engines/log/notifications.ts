// Hears NOTIFY, so that followers of a log read on at once instead of at their next turn. A wake is a hint: one may be
// lost while the connection is made anew, and whoever waits for it looks again by themselves after a while.

import pg from 'pg'
import type { Log } from '../../base/log.ts'

export interface Notifications {
  /** Calls `wake` whenever something is notified on `channel`. */
  on(channel: string, wake: () => void): void
  close(): Promise<void>
}

const RETRY_MS = 500

export async function listenForNotifications({
  url,
  name,
  channels,
  log,
}: {
  url: string
  name: string
  channels: string[]
  log: Log
}): Promise<Notifications> {
  const listeners = new Map<string, Set<() => void>>(channels.map(channel => [channel, new Set()]))
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function connect(): Promise<void> {
    // Whoever does not answer within 2 s is down, for connecting and for listening alike.
    const next = new pg.Client({
      connectionString: url,
      application_name: name,
      keepAlive: true,
      connectionTimeoutMillis: 2_000,
      query_timeout: 2_000,
    })
    next.on('error', () => {}) // 'end' follows
    next.on('end', () => {
      if (client === next) again()
    })
    next.on('notification', ({ channel }) => {
      for (const wake of listeners.get(channel) ?? []) wake()
    })
    try {
      await next.connect()
      for (const channel of channels) await next.query(`listen ${pg.escapeIdentifier(channel)}`)
      if (closed) throw new Error('closed meanwhile')
      client = next
    } catch (err) {
      next.end().catch(() => {})
      throw err
    }
  }

  function again(): void {
    client = undefined
    if (closed) return
    timer = setTimeout(() => {
      connect().then(
        // Whatever was said meanwhile was not heard.
        () => [...listeners.values()].flatMap(wakes => [...wakes]).forEach(wake => wake()),
        err => {
          log.debug({ err: err.message }, 'not listening yet')
          again()
        },
      )
    }, RETRY_MS)
  }

  await connect()
  return {
    on(channel, wake) {
      const wakes = listeners.get(channel)
      if (!wakes) throw new Error(`nobody listens on ${channel}`)
      wakes.add(wake)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}
