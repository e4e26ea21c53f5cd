// Password hashing with scrypt, which costs memory as well as time, so that guessing passwords of a stolen table is expensive.
// Each hash holds its parameters, so that stronger ones can be introduced later. Node's argon2 is not stable yet.

import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { invalid } from '../../base/problem.ts'
import { createPasswordQueue, TRUSTED } from './password-queue.ts'

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

const queue = createPasswordQueue()

// OWASP's recommendation for 32 MB, with three passes; a quarter of a second of one core.
const COST = { log2N: 15, r: 8, p: 3 }
const SALT_BYTES = 16
const HASH_BYTES = 32
// The highest cost accepted from a stored hash: 128 MB of memory.
const LOG2N_MAX = 17

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await queue(TRUSTED, () => scryptAsync(password, salt, HASH_BYTES, options(COST)))
  return ['scrypt', COST.log2N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** `attempts`: how many passwords the client has tried before (password-queue.ts). */
export async function verifyPassword(password: string, stored: string, attempts = TRUSTED): Promise<boolean> {
  const [, log2N, r, p, salt = '', hash = ''] = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(stored) ?? []
  if (hash === '' || Number(log2N) > LOG2N_MAX) return false
  const expected = Buffer.from(hash, 'base64url')
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) }
  const derive = () => scryptAsync(password, Buffer.from(salt, 'base64url'), expected.length, options(cost))
  return timingSafeEqual(await queue(attempts, derive), expected)
}

function options({ log2N, r, p }: typeof COST): ScryptOptions {
  const N = 2 ** log2N
  return { N, r, p, maxmem: 2 * 128 * N * r } // scrypt needs 128·N·r bytes, and Node requires a limit above that
}

const LENGTH_MIN = 8 // the contract's
const LENGTH_MAX = 128 // so that hashing stays bounded

export function isAcceptableLength(password: string): boolean {
  return password.length >= LENGTH_MIN && password.length <= LENGTH_MAX
}

/** What is wrong with a password that an administrator chose. Which characters it has does not matter; that guessers try it first does. */
export async function findPasswordProblem(password: string): Promise<string | undefined> {
  if (!isAcceptableLength(password)) return `A password has ${LENGTH_MIN} to ${LENGTH_MAX} characters.`
  const { dictionary } = await import('@zxcvbn-ts/language-common') // 400 KB that only few processes ever need
  if (/^(.)\1*$/u.test(password) || dictionary['passwords-common'].includes(password.toLowerCase()))
    return 'This password is one that guessers try first. Please choose another one.'
  return undefined
}

/** Throws `invalid`. */
export async function requireAcceptablePassword(password: string): Promise<void> {
  const problem = await findPasswordProblem(password)
  if (problem) throw invalid(problem)
}

/** A password of 120 random bits. */
export function generatePassword(): string {
  return randomBytes(15).toString('base64url')
}
