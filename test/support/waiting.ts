// How tests wait: for a state, as long as a busy machine may need, and never for a fixed time.

import { inspect } from 'node:util'

export const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Far longer than any step takes on an idle machine. A test that waits for longer fails. */
export const PATIENCE_MS = 20_000

/** Calls `read` until its value is as wanted, and returns that value. After `patienceMs` it fails with the last value. */
export async function eventually<T>(read: () => Promise<T> | T, isWanted: (value: T) => boolean, patienceMs = PATIENCE_MS): Promise<T> {
  for (const giveUp = performance.now() + patienceMs; ; await pause(10)) {
    const value = await read()
    if (isWanted(value)) return value
    if (performance.now() > giveUp) throw new Error(`never true: ${isWanted}\nlast value: ${inspect(value, { maxStringLength: 2_000 })}`)
  }
}

/** Repeats `attempt` until it does not throw. After `patienceMs` it throws the last error. */
export async function retryUntilDone<T>(attempt: () => Promise<T> | T, patienceMs = PATIENCE_MS): Promise<T> {
  for (const giveUp = performance.now() + patienceMs; ; await pause(10))
    try {
      return await attempt()
    } catch (err) {
      if (performance.now() > giveUp) throw err
    }
}
