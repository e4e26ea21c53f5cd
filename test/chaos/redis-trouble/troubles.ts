// What can be wrong with Redis, and how to cause and end it.

import type { TestRedis } from '../../support/redis.ts'
import type { TcpProxy } from '../../support/tcp-proxy.ts'
import { pause } from '../../support/waiting.ts'

export interface Place {
  server: TestRedis
  proxy: TcpProxy
  /** The keys that the test reads. */
  keys(): Promise<string[]>
}

export interface Trouble {
  options?: string[]
  begin(place: Place): Promise<unknown>
  /** Repeated before each round. */
  again?(place: Place): Promise<unknown>
  end?(place: Place): Promise<unknown>
}

const forEachKey = (change: (key: string, type: string, server: TestRedis) => Promise<unknown>) => async (place: Place) => {
  for (const key of await place.keys()) await change(key, await place.server.send<string>('TYPE', key), place.server).catch(() => {})
}
const truncateValues = forEachKey(async (key, type, server) => {
  const cut = (text: string) => text.slice(0, Math.floor(Math.random() * text.length))
  if (type === 'string') await server.send('SET', key, cut(await server.send<string>('GET', key)), 'KEEPTTL')
  else if (type === 'hash') {
    const [field] = await server.send<string[]>('HRANDFIELD', key, '1')
    if (field) await server.send('HSET', key, field, '') // not truncated: part of a number is a number, and only reconciling finds those
  }
})
const replaceByOtherType = forEachKey(async (key, type, server) => {
  await server.send('DEL', key)
  await (type === 'string' ? server.send('RPUSH', key, 'x') : server.send('SET', key, 'hello'))
})
const setConfig = (name: string, value: string) => (place: Place) => place.server.send('CONFIG', 'SET', name, value)

export const TROUBLES: Record<string, Trouble> = {
  'Redis hangs': { begin: async ({ server }) => server.signal('SIGSTOP'), end: async ({ server }) => server.signal('SIGCONT') },
  'Redis connections are reset': { begin: async ({ proxy }) => proxy.resetConnections(), end: async ({ proxy }) => proxy.heal() },
  'the network drops everything sent to Redis': { begin: async ({ proxy }) => proxy.blackhole(), end: async ({ proxy }) => proxy.heal() },
  'Redis is killed and starts empty': { begin: ({ server }) => server.kill(), end: ({ server }) => server.start() },
  "Redis's password is changed": {
    options: ['--requirepass', 'sesame'],
    async begin({ server, proxy }) {
      await server.send('CONFIG', 'SET', 'requirepass', 'changed')
      proxy.resetConnections()
      proxy.heal()
      await pause(100)
    },
    // The test's own connection uses the first password, so Redis is started again with it.
    async end({ server }) {
      await server.kill()
      await server.start()
    },
  },
  'keys in Redis hold values of another type': { begin: replaceByOtherType, again: replaceByOtherType },
  'values in Redis are truncated': { begin: truncateValues, again: truncateValues },
  'Redis is full': { begin: setConfig('maxmemory', '1'), end: setConfig('maxmemory', '0') },
  'Redis evicts the least used keys': {
    options: ['--maxmemory-policy', 'allkeys-lru'],
    begin: setConfig('maxmemory', '2mb'),
    end: setConfig('maxmemory', '0'),
  },
  'Redis evicts random keys': {
    options: ['--maxmemory-policy', 'allkeys-random'],
    begin: setConfig('maxmemory', '1'),
    end: setConfig('maxmemory', '0'),
  },
  'Redis is read-only': {
    begin: ({ server }) => server.send('REPLICAOF', '127.0.0.1', '1'),
    end: ({ server }) => server.send('REPLICAOF', 'NO', 'ONE'),
  },
}
