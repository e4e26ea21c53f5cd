// Checks that cost an attempt: passwords, and codes of a second factor.

import { forbidden } from '../../base/problem.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../../engines/limits/rate-limiter.ts'

export const ATTEMPT_WINDOW_MINUTES = 15
/** Wrong passwords for one account from one client network, or in one session. */
export const PASSWORD_LIMIT: RateLimit = { name: 'password', points: 10, seconds: ATTEMPT_WINDOW_MINUTES * 60 }

/**
 * Throws `forbidden` with `refusal`, and the `reason` for clients with words of their own, if `isRight` resolves to false, and `too-many` if `key` has no attempt left. A right one gives
 * all attempts back. They are taken before the check, so that concurrent ones are all counted.
 */
export type CheckLimited = (key: string, refusal: string, isRight: () => Promise<boolean>, reason?: string) => Promise<void>

export const createLimitedCheck =
  (limiter: RateLimiter): CheckLimited =>
  async (key, refusal, isRight, reason) => {
    await takePoint(limiter, key)
    if (!(await isRight())) throw forbidden(refusal, { reason })
    await limiter.reset(key)
  }
