// How often something may happen, per address or per number. A hint, not a promise: it is kept in this process and
// forgotten when that ends. What must hold for sure (tries of a code) is kept in rows instead.

import { RateLimiterMemory } from 'rate-limiter-flexible'

export interface Limiter {
  /** Takes one of what is left to `key`; false when nothing is. */
  take(key: string): Promise<boolean>
}

export function memoryLimiter({ points, seconds }: { points: number; seconds: number }): Limiter {
  const limiter = new RateLimiterMemory({ points, duration: seconds })
  return {
    take: key =>
      limiter.consume(key).then(
        () => true,
        () => false,
      ),
  }
}
