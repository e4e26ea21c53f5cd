/**
 * Returns a function that runs `work` at once. Calls that come meanwhile, or less than `pauseMs` after, are served together by one
 * more run. `work` does not reject.
 */
export function coalesce(work: () => Promise<unknown>, pauseMs: number): () => void {
  let isRunning = false
  let isWanted = false

  async function run(): Promise<void> {
    isRunning = true
    while (isWanted) {
      isWanted = false
      await work()
      await new Promise(resolve => setTimeout(resolve, pauseMs))
    }
    isRunning = false
  }

  return () => {
    isWanted = true
    if (!isRunning) void run()
  }
}
