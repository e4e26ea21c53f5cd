// How tests wait: for a state, for as long as a busy machine may take to reach it, and never for a time after which it should
// have been reached.

export const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Long past what anything here takes where nothing else runs. Whoever waits so long in vain waits for what does not come. */
export const PATIENCE_MS = 20_000

/** Asks until the answer is as wanted; when patience is over, the last one. */
export async function eventually<T>(ask: () => Promise<T> | T, wanted: (answer: T) => boolean): Promise<T> {
  for (const giveUp = performance.now() + PATIENCE_MS; ; await pause(10)) {
    const answer = await ask()
    if (wanted(answer) || performance.now() > giveUp) return answer
  }
}
