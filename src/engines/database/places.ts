// Only so many ask the database for one thing at once, so that a wave of them leaves the other connections to everything
// else. Others wait, for a while: whoever had to wait for longer is told to come again, without asking. Otherwise those who
// wait while the database is silent would each wait for all before them.

import { bulkhead } from 'cockatiel'
import { unavailable } from '../../base/problem.ts'

/** As long as for a connection of the pool. */
const WAITED_MS = 2_000

export function createPlaces(atOnce: number, waitingMost: number, refusal: string) {
  const places = bulkhead(atOnce, waitingMost)
  return async <T>(run: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    try {
      return await places.execute(() => {
        if (performance.now() - began > WAITED_MS) throw unavailable(refusal)
        return run()
      })
    } catch (err) {
      throw (err as { isBulkheadRejectedError?: boolean }).isBulkheadRejectedError ? unavailable(refusal) : err
    }
  }
}
