// A connection to Redis that is reopened whenever it is lost. The library speaks the protocol; when to give up a connection is
// decided here, because the library's time-outs do not notice a server that accepts bytes and never answers.

import type { Log } from '../../base/log.ts'
import type { RedisAddress } from '../../base/redis-url.ts'
import { createWakeableSleep } from '../../base/wakeable-sleep.ts'
import { type Client, openClient } from './client.ts'
import { answerWithin } from './redis-unavailable.ts'
import { findMaster } from './sentinel.ts'

export interface RedisConnection {
  /** Undefined while there is no connection. */
  client(): Client | undefined
  /** Resolves as soon as there is a connection, at the latest after `waitMs`. */
  connected(waitMs: number): Promise<void>
  close(): Promise<void>
}

export interface ConnectionNeeds {
  address: RedisAddress
  name: string
  log: Log
  random?: () => number
  /** Runs on each new connection before it is used. */
  prepare?: (client: Client) => Promise<unknown>
}

// A server that hangs, or a network that drops packets, is noticed within both together, below three seconds.
const PING_INTERVAL_MS = 1_000
const PING_TIMEOUT_MS = 1_500
const RETRY_MS = 50 // the first one; a restart of Redis takes moments
const RETRY_MS_MAX = 2_000

export function keepConnected({ address, name, log, random = Math.random, prepare = async () => {} }: ConnectionNeeds): RedisConnection {
  const backoff = createWakeableSleep()
  let pingPause = createWakeableSleep()
  const waiting = new Set<() => void>()
  let current: Client | undefined
  let closed = false
  const wakeWaiting = () => waiting.forEach(resolve => resolve())

  const ended = (async () => {
    for (let failures = 0, lastReason = ''; !closed; ) {
      try {
        const client = await connectToMaster(address, name, prepare)
        if (closed) {
          client.destroy()
          break
        }
        if (lastReason) log.info('redis is back')
        failures = 0
        current = client
        wakeWaiting()
        lastReason = await waitUntilLost(client)
        current = undefined
        if (!closed) log.warn({ err: lastReason }, 'redis connection lost')
      } catch (err) {
        const reason = (err as Error).message
        if (reason !== lastReason && !closed) log.warn({ err: reason }, 'redis does not answer; trying again')
        lastReason = reason
        failures++
      }
      // Half of it is jitter, so that the processes of a cluster do not reconnect in step.
      if (!closed) await backoff.sleep(Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(failures, 10)) * (0.5 + random() / 2))
    }
  })()

  /** Pings until the connection fails or is closed. Returns the reason. */
  async function waitUntilLost(client: Client): Promise<string> {
    const pause = createWakeableSleep()
    pingPause = pause
    let reason: string | undefined
    client.on('error', err => {
      reason ??= err.message
      pause.wake()
    })
    client.on('end', pause.wake)
    while (!reason && client.isReady && !closed) {
      await pause.sleep(PING_INTERVAL_MS)
      if (reason || closed) break
      await answerWithin(PING_TIMEOUT_MS, client.sendCommand(['PING'])).catch(err => {
        reason ??= err.message
      })
    }
    client.destroy()
    return reason ?? 'the server closed it'
  }

  return {
    client: () => (current?.isReady ? current : undefined),
    async connected(waitMs) {
      if (current || closed) return
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.add(resolve)
      const timer = setTimeout(resolve, waitMs)
      await promise
      clearTimeout(timer)
      waiting.delete(resolve)
    },
    async close() {
      closed = true
      backoff.wake()
      pingPause.wake()
      current?.destroy()
      wakeWaiting()
      await ended
    },
  }
}

async function connectToMaster(address: RedisAddress, name: string, prepare: (client: Client) => Promise<unknown>): Promise<Client> {
  const { tls, username, password, database, masterName } = address
  const node = masterName === undefined ? (address.nodes[0] as RedisAddress['nodes'][0]) : await findMaster(masterName, address)
  return openClient({ ...node, tls, username, password, database, name }, async client => {
    // A Sentinel may not know yet that this node is no longer the master.
    if (masterName !== undefined && ((await client.sendCommand(['ROLE'])) as unknown as string[])[0] !== 'master')
      throw new Error('redis: the node that Sentinel named is not a master')
    await prepare(client)
  })
}
