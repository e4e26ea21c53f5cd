// A stored password hash with cheap parameters, for tests that sign in many times.

import { randomBytes, scryptSync } from 'node:crypto'

export function cheapPasswordHash(password: string): string {
  const salt = randomBytes(16)
  const hash = scryptSync(password, salt, 32, { N: 2 ** 10, r: 8, p: 1 })
  return ['scrypt', 10, 8, 1, salt.toString('base64url'), hash.toString('base64url')].join('$')
}
