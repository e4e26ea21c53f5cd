// Subscriptions to channels, on a connection of their own, so that messages do not wait behind answers to commands.

import type { Log } from '../../base/log.ts'
import type { RedisAddress } from '../../base/redis-url.ts'
import type { Client } from './client.ts'
import { keepConnected, type RedisConnection } from './connection.ts'
import type { Redis } from './redis.ts'

interface Listener {
  onMessage: (message: string) => void
  onMissed: () => void
}

export interface Subscriptions {
  subscribe: Redis['subscribe']
  close(): Promise<void>
}

const FOREVER_MS = 2 ** 31 - 1 // the longest time that a timer can wait

/** Connects with the first subscription. */
export function createSubscriptions({ address, name, log }: { address: RedisAddress; name: string; log: Log }): Subscriptions {
  const listenersOf = new Map<string, Set<Listener>>()
  const subscribedOn = new WeakMap<Client, Set<string>>()
  let connection: RedisConnection | undefined

  /** Subscribes to each channel once on each connection. */
  async function subscribeOn(client: Client, channels: string[]): Promise<void> {
    const subscribed = subscribedOn.get(client) ?? new Set<string>()
    subscribedOn.set(client, subscribed)
    for (const channel of channels.filter(one => !subscribed.has(one))) {
      subscribed.add(channel)
      await client.subscribe(channel, message => listenersOf.get(channel)?.forEach(listener => listener.onMessage(message)))
      // Redis does not repeat what was published before.
      listenersOf.get(channel)?.forEach(listener => listener.onMissed())
    }
  }

  /** For a channel that is added after the connection was opened. */
  async function addChannel(channel: string): Promise<void> {
    const client = connection?.client()
    if (client) await subscribeOn(client, [channel]).catch(() => client.destroy())
  }

  return {
    subscribe(channel, onMessage, onMissed) {
      const listener = { onMessage, onMissed }
      const isFirst = !listenersOf.has(channel)
      const listeners = listenersOf.get(channel) ?? new Set()
      listenersOf.set(channel, listeners.add(listener))
      connection ??= keepConnected({ address, name, log, prepare: client => subscribeOn(client, [...listenersOf.keys()]) })
      if (isFirst) void connection.connected(FOREVER_MS).then(() => addChannel(channel))
      return () => void listeners.delete(listener)
    },
    close: async () => connection?.close(),
  }
}
