// How tests wait: for a state, for as long as a busy machine may take to reach it, and never for a time after which it should
// have been reached.

import { inspect } from 'node:util'

export const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Long past what anything here takes where nothing else runs. Whoever waits so long in vain waits for what does not come. */
export const PATIENCE_MS = 20_000

/** Asks until the answer is as wanted, and gives it back. Fails, with the last one, when patience is over. */
export async function eventually<T>(ask: () => Promise<T> | T, wanted: (answer: T) => boolean, patienceMs = PATIENCE_MS): Promise<T> {
  for (const giveUp = performance.now() + patienceMs; ; await pause(10)) {
    const answer = await ask()
    if (wanted(answer)) return answer
    if (performance.now() > giveUp)
      throw new Error(`never came to be: ${wanted}\nbut at last ${inspect(answer, { maxStringLength: 2_000 })}`)
  }
}

/** Tries until it does not throw. When patience is over, it may. */
export async function retryUntilDone<T>(attempt: () => Promise<T> | T, patienceMs = PATIENCE_MS): Promise<T> {
  for (const giveUp = performance.now() + patienceMs; ; await pause(10))
    try {
      return await attempt()
    } catch (err) {
      if (performance.now() > giveUp) throw err
    }
}
