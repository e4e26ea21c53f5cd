export interface WakeableSleep {
  /** Resolves after `ms`, or as soon as `wake` is called. */
  sleep(ms: number): Promise<void>
  /** Ends the sleep. If nothing sleeps, the next sleep ends at once. */
  wake(): void
}

/** For a loop that runs at intervals, and at once when something happens. */
export function createWakeableSleep(): WakeableSleep {
  let woken = false
  let endSleep: (() => void) | undefined
  return {
    async sleep(ms) {
      if (!woken)
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, ms)
          endSleep = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      endSleep = undefined
      woken = false
    },
    wake() {
      woken = true
      endSleep?.()
    },
  }
}
