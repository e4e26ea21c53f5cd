// A bulkhead limits how many calls run at once, so that a burst of one kind of work leaves database connections and CPU
// for the rest. A call that waits too long is refused: otherwise, while the database hangs, each waiting call would wait
// for the time-outs of all calls before it.

import { BulkheadRejectedError, bulkhead } from 'cockatiel'
import { unavailable } from './problem.ts'

/** As long as a query waits for a connection of the pool. */
const WAIT_MAX_MS = 2_000

export interface BulkheadOptions {
  concurrency: number
  /** A call that finds this many waiting is refused at once. */
  queueMax: number
  waitMaxMs?: number
  /** The message of the `unavailable` problem that a refused call throws. */
  refusal: string
}

export function createBulkhead({ concurrency, queueMax, waitMaxMs = WAIT_MAX_MS, refusal }: BulkheadOptions) {
  const limit = bulkhead(concurrency, queueMax)
  return async <T>(run: () => Promise<T>): Promise<T> => {
    const calledAt = performance.now()
    try {
      return await limit.execute(() => {
        if (performance.now() - calledAt > waitMaxMs) throw unavailable(refusal)
        return run()
      })
    } catch (err) {
      throw err instanceof BulkheadRejectedError ? unavailable(refusal) : err
    }
  }
}
