import { withTimeout } from '../../base/timeout.ts'

/** Redis gives no answer, or none in time: the caller goes on without. What Redis answers to a bad command is another error. */
export class RedisUnavailable extends Error {
  constructor(message: string) {
    super(`redis: ${message}`)
    this.name = 'RedisAway'
  }
}

export const answerWithin = <T>(ms: number, answer: Promise<T>): Promise<T> =>
  withTimeout(ms, answer, () => {
    throw new RedisUnavailable(`no answer within ${ms} ms`)
  })
