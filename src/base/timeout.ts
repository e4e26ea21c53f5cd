/**
 * Returns what `work` returns, or what `onTimeout` returns if `work` takes longer than `ms`. The work is not cancelled.
 * If the event loop was blocked, a result that arrived in the meantime still wins over the time-out.
 */
export function withTimeout<T, L>(ms: number, work: Promise<T>, onTimeout: () => L): Promise<T | L> {
  return new Promise((resolve, reject) => {
    // After a blocked event loop, timers fire before sockets are read. Two rounds later the sockets have been read too.
    const expire = () => setImmediate(() => setImmediate(() => Promise.try(onTimeout).then(resolve, reject)))
    const timer = setTimeout(expire, ms)
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
