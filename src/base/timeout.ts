/** What `work` brings, or what `late` does, if that comes first after `ms`. The work goes on; whoever waited does not. */
export function withTimeout<T, L>(ms: number, work: Promise<T>, late: () => L): Promise<T | L> {
  return new Promise((resolve, reject) => {
    // After the event loop was held up, timers come before what has arrived meanwhile; a round later both have been seen.
    const over = () => setImmediate(() => setImmediate(() => Promise.try(late).then(resolve, reject)))
    const timer = setTimeout(over, ms)
    work.then(
      value => {
        clearTimeout(timer)
        resolve(value)
      },
      err => {
        clearTimeout(timer)
        reject(err)
      },
    )
  })
}
