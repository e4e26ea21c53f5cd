// Publishing and subscribing for Socket.IO's adapter. It gets something that looks like the library's client, and is a
// connection that is reopened, and subscribed again, whenever it is lost. What is published meanwhile is lost.

import type { Log } from '../../base/log.ts'
import { parseRedisUrl } from '../../base/redis-url.ts'
import type { Client } from './client.ts'
import { keepConnected } from './connection.ts'
import type { Redis } from './redis.ts'

type Listener = (message: Buffer, channel: Buffer) => void

/** The methods of the library's client that the adapter and the emitter call. */
export interface PubSub {
  publish(channel: string, message: string | Buffer): Promise<void>
  subscribe(channels: string | string[], listener: Listener, asBuffers: true): void
  pSubscribe(pattern: string, listener: Listener, asBuffers: true): void
  unsubscribe(): void
  pUnsubscribe(): void
  on(): void
  off(): void
  close(): Promise<void>
}

export function openPubSub({ url, name, redis, log }: { url: string; name: string; redis: Redis; log: Log }): PubSub {
  const address = parseRedisUrl(url)
  if (!address) throw new Error('REDIS_URL is not the address of a Redis')
  const subscriptions: ((client: Client) => Promise<void>)[] = []
  const connection = keepConnected({
    address,
    name,
    log,
    prepare: client => Promise.all(subscriptions.map(subscribe => subscribe(client))),
  })
  const add = (subscribe: (client: Client) => Promise<void>) => {
    subscriptions.push(subscribe)
    const client = connection.client()
    if (client) void subscribe(client).catch(() => client.destroy())
  }
  return {
    // No caller waits for this: without Redis the sockets of this process are still served.
    publish: (channel, message) =>
      redis.send(['PUBLISH', channel, message]).then(
        () => {},
        () => {},
      ),
    subscribe: (channels, listener) => add(client => client.subscribe(channels, listener, true)),
    pSubscribe: (pattern, listener) => add(client => client.pSubscribe(pattern, listener, true)),
    // The adapter closes with the process, and its connection with it.
    unsubscribe() {},
    pUnsubscribe() {},
    on() {},
    off() {},
    close: () => connection.close(),
  }
}
