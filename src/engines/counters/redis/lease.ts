// The lease that lets one process apply while the others rest. Correctness does not depend on it. Renewing it once a tick also
// tells whether Redis has lost writes, because then it does not hold the lease as this process left it.

import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../base/clock.ts'
import { BACKGROUND_TIMEOUT_MS, type Redis } from '../../redis/redis.ts'
import { CAUGHT_UP_KEY, CORRUPT_KEY, LEASE_KEY } from './keys.ts'
import { ACQUIRE_LEASE } from './scripts.ts'
import { parseMillis } from './values.ts'

const LEASE_MS = 1_500 // it is renewed each tick, every 200 ms

export interface LeaseState {
  acquired: boolean
  /** Redis had the lease as this process left it: it has lost nothing, and no other process has applied. */
  undisturbed: boolean
  /** How far Redis's clock is ahead of ours, at least. */
  clockOffsetMs: number
  /** When the applier was last caught up. */
  caughtUpAt: number | undefined
  /** Names of shards that readers reported. */
  corrupt: string[]
}

export function createLease(redis: Redis, clock: Clock): () => Promise<LeaseState> {
  const owner = randomUUID()
  let tick = 0
  return async () => {
    const [acquired, undisturbed, redisClock, caughtUpAt, ...corrupt] = await redis.run<[number, number, string, string, ...string[]]>(
      ACQUIRE_LEASE,
      { keys: [LEASE_KEY, CAUGHT_UP_KEY, CORRUPT_KEY], args: [owner, String(tick), String(tick + 1), String(LEASE_MS)] },
      BACKGROUND_TIMEOUT_MS,
    )
    if (acquired) tick++
    return {
      acquired: acquired === 1,
      undisturbed: undisturbed === 1,
      clockOffsetMs: Number(redisClock) - clock(),
      caughtUpAt: parseMillis(caughtUpAt),
      corrupt,
    }
  }
}
