// The account under which an administrator signs in, and the name that the contract's admin API gives a reader.

import { invalid } from './problem.ts'

export const ACCOUNT_PATTERN = /^[A-Za-z]\w{3,15}$/

/** Throws `invalid`. */
export function requireAccount(account: string): void {
  if (!ACCOUNT_PATTERN.test(account)) throw invalid('An account is a letter, followed by 3 to 15 letters, digits or underscores.')
}
