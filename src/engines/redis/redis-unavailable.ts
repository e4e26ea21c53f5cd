import { withTimeout } from '../../base/timeout.ts'

/** Redis did not answer, or not in time. An error that Redis answers, for example to a wrong command, is another error. */
export class RedisUnavailable extends Error {
  constructor(message: string) {
    super(`redis: ${message}`)
    this.name = 'RedisUnavailable'
  }
}

/** Throws RedisUnavailable after `ms`. */
export const answerWithin = <T>(ms: number, answer: Promise<T>): Promise<T> =>
  withTimeout(ms, answer, () => {
    throw new RedisUnavailable(`no answer within ${ms} ms`)
  })
