// One-time codes sent to mobile phones. Without SMS_URL the demo sender is used: it sends nothing, and the published demo
// code is valid. config.ts allows the demo sender only while HOST is a loopback address.

import { createHmac, hkdfSync, randomInt, timingSafeEqual } from 'node:crypto'
import { Problem, unavailable } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import type { RateLimit } from '../../engines/limits/rate-limiter.ts'
import { allowResend, consumeCode, saveCode, takeAttempt } from './sms-codes.sql.ts'

export interface SmsCodes {
  /** Sends a code. Throws `too-many` if one was sent to this number within the last minute. */
  send(mobile: string, purpose: Purpose): Promise<void>
  /** Whether the code is right. A right code is used up; five wrong attempts end a code. */
  check(mobile: string, purpose: Purpose, code: string): Promise<boolean>
}

export type Purpose = 'app' | 'studio'

/** Existing clients and their tests depend on this code. */
export const DEMO_CODE = '246810'

/** The contract: how many codes one client network may request. */
export const SEND_LIMIT: RateLimit = { name: 'codes', points: 100, seconds: 3_600 }
const RESEND_AFTER_SECONDS = 60 // the contract: one code a minute for each number
const CODE_TTL_SECONDS = 300
const ATTEMPTS_MAX = 5
const SEND_TIMEOUT_MS = 5_000

export function createSmsCodes({ db, key, smsUrl }: { db: Db; key: string; smsUrl?: string }): SmsCodes {
  const hmacKey = Buffer.from(hkdfSync('sha256', key, '', 'broadsheet sms code', 32))
  // The hash covers number and purpose, so that a code is valid for these only.
  const hashCode = (mobile: string, purpose: Purpose, code: string) =>
    createHmac('sha256', hmacKey).update(`${purpose} ${mobile} ${code}`).digest()
  return {
    async send(mobile, purpose) {
      const code = smsUrl ? String(randomInt(1_000_000)).padStart(6, '0') : DEMO_CODE
      const hashed = hashCode(mobile, purpose, code)
      const saved = await saveCode(db, {
        mobile,
        purpose,
        hash: hashed,
        resendAfterSeconds: RESEND_AFTER_SECONDS,
        ttlSeconds: CODE_TTL_SECONDS,
        attempts: ATTEMPTS_MAX,
      })
      if (!saved) throw new Problem('too-many', 'Too many requests.', { retryAfter: RESEND_AFTER_SECONDS })
      if (!smsUrl || (await sendSms(smsUrl, mobile, code))) return
      await allowResend(db, mobile, purpose, hashed)
      throw unavailable('The code could not be sent. Please try again later.')
    },
    async check(mobile, purpose, code) {
      if (!smsUrl && code === DEMO_CODE) return true
      const expected = await takeAttempt(db, mobile, purpose)
      const given = hashCode(mobile, purpose, code)
      return expected !== undefined && timingSafeEqual(expected, given) && (await consumeCode(db, mobile, purpose, expected))
    },
  }
}

async function sendSms(smsUrl: string, mobile: string, code: string): Promise<boolean> {
  const body = JSON.stringify({ mobile, code })
  const sent = await fetch(smsUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  }).catch(() => undefined)
  return sent?.ok ?? false
}
