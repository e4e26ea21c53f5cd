// One-time codes that prove a mobile number. A code is kept as a keyed hash, in a row, so that its attempts and the limits of
// a number hold exactly, in any number of processes.

import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Log } from '../../base/log.ts'
import { invalid, tooMany, unavailable } from '../../base/problem.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { allowResend, consumeCode, saveCode, takeAttempt, takeFromBudget } from './sms-codes.sql.ts'
import type { SmsSender } from './sms-sender.ts'

export interface SmsCodes {
  /** Sends a code. Throws `too-many` if this number has had too many. */
  send(mobile: string, purpose: Purpose): Promise<void>
  /** Whether this is the demo's code, which there is no point in guessing. */
  isDemoCode(code: string): boolean
  /** Throws `invalid` if the code is wrong. A right code is used up; five wrong attempts end a code. */
  check(proof: Proof): Promise<void>
  /** Takes an attempt of each code. Returns the codes, to be consumed, if all are right. */
  verify(proofs: Proof[]): Promise<RightCode[] | undefined>
  /** Uses codes up. Throws `invalid` if a concurrent request has used one of them: with all others, it is kept by the rollback. */
  consume(tx: Db | Tx, codes: RightCode[]): Promise<void>
}

/** A code that was right a moment ago. The demo's code is never used up. */
export interface RightCode {
  mobile: string
  purpose: Purpose
  hash: Buffer
}

export interface Proof {
  mobile: string
  purpose: Purpose
  code: string
}

/** A code is valid for one purpose: sign-in to the app or the studio, the change of a number, the deletion of an account. */
export type Purpose = 'app' | 'studio' | 'old number' | 'new number' | 'deletion'

const RESEND_AFTER_SECONDS = 60 // the contract: one code a minute for each number
const PER_HOUR = 5 // of one number: a person needs two or three
const TTL_SECONDS = 300
const ATTEMPTS_MAX = 5
const WRONG_CODE = 'Invalid code.'
const BUDGET_WARNING = 0.8 // the operator has time to act

export interface Needs {
  db: Db
  key: string
  sender: SmsSender
  /** Messages a day, of all readers together. */
  perDay: number
  log: Pick<Log, 'warn' | 'error'>
}

export function createSmsCodes({ db, key, sender, perDay, log }: Needs): SmsCodes {
  const hmacKey = Buffer.from(hkdfSync('sha256', key, '', 'broadsheet sms code', 32))
  // The hash covers number and purpose, so that a code is valid for these only.
  const hashCode = (mobile: string, purpose: Purpose, code: string) =>
    createHmac('sha256', hmacKey).update(`${purpose} ${mobile} ${code}`).digest()

  let isAlarmed = false

  /** False if today's messages are used up. An error in the log is the operator's alarm; it is not repeated with every request. */
  async function takeMessage(): Promise<boolean> {
    const sent = await takeFromBudget(db, perDay)
    if (sent === undefined && !isAlarmed) log.error({ perDay }, 'no sign-in codes are sent until midnight: SMS_PER_DAY is used up')
    isAlarmed = sent === undefined
    if (sent === Math.ceil(perDay * BUDGET_WARNING)) log.warn({ sent, perDay }, 'most sign-in codes of SMS_PER_DAY are used up')
    return sent !== undefined
  }

  async function verify(proofs: Proof[]): Promise<RightCode[] | undefined> {
    const codes: RightCode[] = []
    for (const { mobile, purpose, code } of proofs) {
      if (code === sender.demoCode) continue
      const hash = await takeAttempt(db, mobile, purpose)
      if (!hash || !timingSafeEqual(hash, hashCode(mobile, purpose, code))) return undefined
      codes.push({ mobile, purpose, hash })
    }
    return codes
  }

  async function consume(tx: Db | Tx, codes: RightCode[]): Promise<void> {
    for (const { mobile, purpose, hash } of codes) if (!(await consumeCode(tx, mobile, purpose, hash))) throw invalid(WRONG_CODE)
  }

  return {
    async send(mobile, purpose) {
      const code = sender.createCode()
      const hash = hashCode(mobile, purpose, code)
      const limits = { resendAfterSeconds: RESEND_AFTER_SECONDS, perHour: PER_HOUR }
      const wait = await saveCode(db, { mobile, purpose, hash, ttlSeconds: TTL_SECONDS, attempts: ATTEMPTS_MAX, ...limits })
      if (wait > 0) throw tooMany(wait)
      if (sender.demoCode !== undefined) return
      if ((await takeMessage()) && (await sender.send(mobile, code))) return
      await allowResend(db, mobile, purpose, hash)
      throw unavailable('The code could not be sent. Please try again later.')
    },

    isDemoCode: code => code === sender.demoCode,

    async check(proof) {
      const codes = await verify([proof])
      if (!codes) throw invalid(WRONG_CODE)
      await consume(db, codes)
    },

    verify,
    consume,
  }
}
