// Only so many do one thing at once, so that a wave of them leaves the database's other connections, or the processor, to
// everything else. Others wait, for a while: whoever had to wait for longer is told to come again, and nothing is done for
// them. Otherwise those who wait while a database is silent would each wait for all before them.

import { BulkheadRejectedError, bulkhead } from 'cockatiel'
import { unavailable } from './problem.ts'

/** As long as for a connection of the pool. */
const WAIT_MS = 2_000

export interface BulkheadOptions {
  concurrency: number
  /** Whoever comes when so many wait is refused at once. */
  queueMax: number
  waitMaxMs?: number
  refusal: string
}

export function createBulkhead({ concurrency, queueMax, waitMaxMs = WAIT_MS, refusal }: BulkheadOptions) {
  const turns = bulkhead(concurrency, queueMax)
  return async <T>(run: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    try {
      return await turns.execute(() => {
        if (performance.now() - began > waitMaxMs) throw unavailable(refusal)
        return run()
      })
    } catch (err) {
      throw err instanceof BulkheadRejectedError ? unavailable(refusal) : err
    }
  }
}
