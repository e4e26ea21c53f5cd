// One-time codes sent to a mobile phone. Without a sender configured the demo sender is at work: it sends nothing, and
// the one code everybody knows is valid; the configuration allows that only while nobody but this machine can reach us.

import { createHmac, hkdfSync, randomInt, timingSafeEqual } from 'node:crypto'
import { Problem, unavailable } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import { allowResend, consumeCode, saveCode, takeAttempt } from './accounts.sql.ts'

export interface SmsCodes {
  /** Sends a code. Throws `too-many` when one went to this number within the last minute. */
  send(mobile: string, purpose: Purpose): Promise<void>
  /** Whether this code is right; it is used up by that. Five wrong tries kill a code. */
  check(mobile: string, purpose: Purpose, code: string): Promise<boolean>
}

export type Purpose = 'app' | 'studio'

/** Known from the course; clients and their tests depend on it. */
export const DEMO_CODE = '246810'

const RESEND_AFTER_SECONDS = 60 // the contract: one a minute to each number
const CODE_TTL_SECONDS = 300
const ATTEMPTS_MAX = 5
const SEND_TIMEOUT_MS = 5_000

export function createSmsCodes({ db, key, smsUrl }: { db: Db; key: string; smsUrl?: string }): SmsCodes {
  const hmacKey = Buffer.from(hkdfSync('sha256', key, '', 'broadsheet sms code', 32))
  // Bound to number and purpose: a code of one is no code of another.
  const hashCode = (mobile: string, purpose: Purpose, code: string) =>
    createHmac('sha256', hmacKey).update(`${purpose} ${mobile} ${code}`).digest()
  return {
    async send(mobile, purpose) {
      const code = smsUrl ? String(randomInt(1_000_000)).padStart(6, '0') : DEMO_CODE
      const hashed = hashCode(mobile, purpose, code)
      const noted = await saveCode(db, {
        mobile,
        purpose,
        hash: hashed,
        gapSeconds: RESEND_AFTER_SECONDS,
        lifeSeconds: CODE_TTL_SECONDS,
        tries: ATTEMPTS_MAX,
      })
      if (!noted) throw new Problem('too-many', 'Too many requests.', { retryAfter: RESEND_AFTER_SECONDS })
      if (!smsUrl || (await sendSms(smsUrl, mobile, code))) return
      await allowResend(db, mobile, purpose, hashed)
      throw unavailable('The code could not be sent. Please try again later.')
    },
    async check(mobile, purpose, code) {
      if (!smsUrl && code === DEMO_CODE) return true
      const wanted = await takeAttempt(db, mobile, purpose)
      const given = hashCode(mobile, purpose, code)
      return wanted !== undefined && timingSafeEqual(wanted, given) && (await consumeCode(db, mobile, purpose, wanted))
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
