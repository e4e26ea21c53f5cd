// How tests wait: for a state, as long as a busy machine may need, and never for a fixed time.

import { inspect } from 'node:util'

export const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Far longer than any step takes on an idle machine, and beside ten times its work. A test that waits for longer fails. */
export const PATIENCE_MS = 60_000

/** One look at a state may take as long as the slowest request (http-answer.ts). With the patience it is less than a test may take. */
const LOOK_MS = 3 * PATIENCE_MS

/** The longer a wait has lasted, the rarer it looks: each look costs processor time, often a request. */
const pauseAfter = (waitedMs: number) => pause(Math.min(10 + waitedMs / 10, 100))

/** Calls `read` until its value is as wanted, and returns that value. After `patienceMs` it fails with the last value. */
export async function eventually<T>(read: () => Promise<T> | T, isWanted: (value: T) => boolean, patienceMs = PATIENCE_MS): Promise<T> {
  for (const began = performance.now(); ; ) {
    const value = await look(read)
    if (isWanted(value)) return value
    const waitedMs = performance.now() - began
    if (waitedMs > patienceMs) throw new Error(`never true: ${isWanted}\nlast value: ${inspect(value, { maxStringLength: 2_000 })}`)
    await pauseAfter(waitedMs)
  }
}

/** An answer that never comes would otherwise be waited for, however long ago the patience ended. */
function look<T>(read: () => Promise<T> | T): Promise<T> | T {
  const value = read()
  return value instanceof Promise ? within(value, String(read), LOOK_MS) : value
}

/** Repeats `attempt` until it does not throw. After `patienceMs` it throws the last error. */
export async function retryUntilDone<T>(attempt: () => Promise<T> | T, patienceMs = PATIENCE_MS): Promise<T> {
  for (const began = performance.now(); ; )
    try {
      return await look(attempt)
    } catch (err) {
      const waitedMs = performance.now() - began
      if (waitedMs > patienceMs) throw err
      await pauseAfter(waitedMs)
    }
}

/**
 * Aborts `work` after `ms`. AbortSignal.timeout() would abort it even after it has ended, and tests that send thousands of requests
 * spend seconds on the errors which that makes.
 */
export async function withDeadline<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(new Error(`not done after ${ms} ms`)), ms)
  return work(deadline.signal).finally(() => clearTimeout(timer))
}

/** The result of `work`. After `ms` it fails, and `work` goes on: for what has no limit of its own and cannot be aborted. */
export async function within<T>(work: Promise<T>, what: string, ms = PATIENCE_MS): Promise<T> {
  const late = new Error(`not done after ${ms} ms: ${what}`) // here, so that it says who waits
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(reject, ms, late)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
