// Who has an open socket: a hint that each process with sockets renews, and that ends by itself. Without Redis a process knows
// its own sockets only.

import { LRUCache } from 'lru-cache'
import { entriesMax } from '../../base/entries-max.ts'
import type { ReaderId } from '../../base/id.ts'
import { KEY_PREFIX, type Redis } from '../../engines/redis/redis.ts'

export interface Presence {
  /** These readers have a socket in this process. */
  renew(readerIds: ReaderId[]): Promise<void>
  listOnline(readerIds: ReaderId[]): Promise<ReaderId[]>
}

export const RENEW_MS = 10_000
/** Three renewals: one may be late. */
const SECONDS = 30
const READERS_MAX = 100_000 // some 10 MB
const keyOf = (id: ReaderId) => `${KEY_PREFIX}online:${id}`

export function createPresence(redis?: Redis): Presence {
  const here = new LRUCache<ReaderId, true>({ ...entriesMax(READERS_MAX), ttl: SECONDS * 1_000 })
  return {
    async renew(readerIds) {
      for (const id of readerIds) here.set(id, true)
      await redis?.pipeline(readerIds.map(id => ['SET', keyOf(id), '1', 'EX', String(SECONDS)])).catch(() => {})
    },
    async listOnline(readerIds) {
      if (readerIds.length === 0) return []
      const answers = await redis?.pipeline(readerIds.map(id => ['EXISTS', keyOf(id)])).catch(() => undefined)
      return readerIds.filter((id, i) => here.has(id) || answers?.[i] === 1)
    },
  }
}
