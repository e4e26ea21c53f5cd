// One connection to Redis that is made anew whenever it is lost. The library speaks the protocol; when to give up on a
// connection is decided here, because its own time-outs do not see a server that accepts bytes and never answers.

import { createClient } from '@redis/client'
import type { Log } from '../../base/log.ts'
import type { RedisAddress } from '../../base/redis-url.ts'
import { withTimeout } from '../../base/timeout.ts'
import { answerWithin } from './redis-unavailable.ts'

export type Client = ReturnType<typeof createClient>

export interface RedisConnection {
  /** Undefined while there is no connection. */
  client(): Client | undefined
  /** Resolves once there is a connection, or after the time given. */
  connected(forMs: number): Promise<void>
  close(): Promise<void>
}

export interface ConnectionNeeds {
  address: RedisAddress
  name: string
  log: Log
  random?: () => number
  /** What a new connection needs before it is used. */
  prepare?: (client: Client) => Promise<unknown>
}

const CONNECT_MS = 2_000 // as for PostgreSQL: whoever does not answer within it is down
// A server that hangs, or a network that swallows, is noticed within both together, below three seconds.
const PING_EVERY_MS = 1_000
const PING_MS = 1_500
const RETRY_MS = 50 // at first, for a restart takes moments
const RETRY_MS_MAX = 2_000
const COMMANDS_MAX = 20_000 // under way at once; beyond that a hung server would fill the memory

export function keepConnected({ address, name, log, random = Math.random, prepare = async () => {} }: ConnectionNeeds): RedisConnection {
  let current: Client | undefined
  let closed = false
  let resume: (() => void) | undefined
  const waiting = new Set<() => void>()

  const rest = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      resume = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const ended = (async () => {
    for (let failures = 0, told = ''; !closed; ) {
      try {
        const client = await connect(address, name, prepare)
        if (closed) client.destroy()
        else {
          if (told) log.info('redis is back')
          failures = 0
          told = ''
          current = client
          for (const resolve of waiting) resolve()
          const reason = await broken(client, () => closed)
          current = undefined
          if (!closed) log.warn({ err: reason }, 'redis connection lost')
          told = reason
        }
      } catch (err) {
        const message = (err as Error).message
        if (message !== told && !closed) log.warn({ err: message }, 'redis does not answer and is tried again')
        told = message
        failures++
      }
      // Half of it is chance, so that a cluster's processes do not come back in step.
      if (!closed) await rest(Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(failures, 10)) * (0.5 + random() / 2))
    }
  })()

  /** Waits until the connection is of no more use, and says why. */
  async function broken(client: Client, over: () => boolean): Promise<string> {
    let lost: string | undefined
    client.on('error', err => {
      lost ??= err.message
      resume?.()
    })
    client.on('end', () => resume?.())
    while (!lost && client.isReady && !over()) {
      await rest(PING_EVERY_MS)
      if (lost || over()) break
      await answerWithin(PING_MS, client.sendCommand(['PING'])).catch(err => {
        lost ??= err.message
      })
    }
    client.destroy()
    return lost ?? 'it ended'
  }

  return {
    client: () => (current?.isReady ? current : undefined),
    async connected(forMs) {
      if (current || closed) return
      const connected = Promise.withResolvers<void>()
      waiting.add(connected.resolve)
      await withTimeout(forMs, connected.promise, () => {})
      waiting.delete(connected.resolve)
    },
    async close() {
      closed = true
      resume?.()
      current?.destroy()
      for (const resolve of waiting) resolve()
      await ended
    },
  }
}

async function connect(address: RedisAddress, name: string, prepare: (client: Client) => Promise<unknown>): Promise<Client> {
  const { tls, username, password, database, masterName } = address
  const node = masterName === undefined ? (address.nodes[0] as RedisAddress['nodes'][0]) : await masterOf(masterName, address)
  return open({ ...node, tls, username, password, database, name }, async client => {
    // A Sentinel may not have heard yet that its master is one no more.
    if (masterName !== undefined && ((await client.sendCommand(['ROLE'])) as unknown as string[])[0] !== 'master')
      throw new Error('redis: what Sentinel named is no master')
    await prepare(client)
  })
}

type Node = Pick<RedisAddress, 'tls' | 'username' | 'password'> & { host: string; port: number; database?: number; name: string }

async function open({ host, port, tls, ...rest }: Node, prepare: (client: Client) => Promise<unknown>): Promise<Client> {
  const client: Client = createClient({
    ...rest,
    name: rest.name.replaceAll(' ', '-'), // Redis takes no spaces
    socket: { host, port, ...(tls && { tls }), connectTimeout: CONNECT_MS, reconnectStrategy: false },
    disableOfflineQueue: true, // a command while Redis is away fails at once
    commandsQueueMaxLength: COMMANDS_MAX,
    maintNotifications: 'disabled',
  })
  client.on('error', () => {}) // whoever sent a command hears of it
  try {
    await answerWithin(
      CONNECT_MS,
      client.connect().then(() => prepare(client)),
    )
    return client
  } catch (err) {
    client.destroy()
    throw err
  }
}

/** Asks the Sentinels one after another, as their documentation tells clients to. */
async function masterOf(group: string, { nodes, tls }: RedisAddress): Promise<{ host: string; port: number }> {
  let last = new Error('redis: no Sentinel to ask')
  for (const node of nodes) {
    try {
      let found: string[] | null = null
      const sentinel = await open({ ...node, tls, name: 'broadsheet' }, async client => {
        found = (await client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', group])) as unknown as string[] | null
      })
      sentinel.destroy()
      const [host, port] = found ?? []
      if (host && port) return { host, port: Number(port) }
      last = new Error(`redis: Sentinel knows no group ${group}`)
    } catch (err) {
      last = err as Error
    }
  }
  throw last
}
