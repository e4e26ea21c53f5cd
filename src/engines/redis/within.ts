/** Redis gives no answer, or none in time: the caller goes on without. What Redis answers to a bad command is another error. */
export class RedisAway extends Error {
  constructor(message: string) {
    super(`redis: ${message}`)
    this.name = 'RedisAway'
  }
}

/** What `promise` brings, if it does so in time. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // After the event loop was held up, timers come before what has arrived meanwhile; a round later both have been seen.
    const late = () => setImmediate(() => setImmediate(() => reject(new RedisAway(`no answer within ${ms} ms`))))
    const timer = setTimeout(late, ms)
    promise.then(
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
