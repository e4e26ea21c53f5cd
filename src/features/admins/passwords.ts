// Passwords as they are kept: scrypt, which costs memory as well as time, so that guessing a stolen table is dear. Node's
// argon2 is younger and not yet stable; the parameters stand in each hash, so that another may follow beside it.

import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { createBulkhead } from '../../base/bulkhead.ts'

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

// One at a time: four guesses at once would take both cores of a small machine from its readers. Ten seconds are some forty
// turns; by then whoever waits has given up.
const bulkhead = createBulkhead({ concurrency: 1, queueMax: 100, waitMaxMs: 10_000, refusal: 'Too many are signing in. Please try again.' })
const deriveKey: typeof scryptAsync = (...args) => bulkhead(() => scryptAsync(...args))

/** OWASP's recommendation for 32 MB: three passes over it; a quarter of a second of one core. */
const COST = { log2N: 15, r: 8, p: 3 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/** What a stored hash may ask for at most, whoever wrote it: 128 MB. */
const LOG2N_MAX = 17

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await deriveKey(password, salt, HASH_BYTES, options(COST))
  return ['scrypt', COST.log2N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, log2N, r, p, salt = '', hash = ''] = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(stored) ?? []
  if (hash === '' || Number(log2N) > LOG2N_MAX) return false
  const wanted = Buffer.from(hash, 'base64url')
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) }
  return timingSafeEqual(await deriveKey(password, Buffer.from(salt, 'base64url'), wanted.length, options(cost)), wanted)
}

function options({ log2N, r, p }: typeof COST): ScryptOptions {
  const N = 2 ** log2N
  return { N, r, p, maxmem: 2 * 128 * N * r } // scrypt takes 128·N·r bytes, and Node wants a little more than that allowed
}

export const ACCOUNT_PATTERN = /^[A-Za-z]\w{3,15}$/

/** The contract: eight characters or more, letters and digits among them. More than 128 are no password. */
export function isAcceptablePassword(password: string): boolean {
  return password.length >= 8 && password.length <= 128 && /[A-Za-z]/.test(password) && /\d/.test(password)
}

export const PASSWORD_RULE = 'A password has 8 to 128 characters, letters and digits among them.'

/** 120 bits of chance. */
export function generatePassword(): string {
  for (;;) {
    const password = randomBytes(15).toString('base64url')
    if (isAcceptablePassword(password)) return password
  }
}
