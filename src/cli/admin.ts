// What `admin create` does with its account and password.

import { ACCOUNT_PATTERN } from '../base/account-name.ts'
import type { Admins } from '../features/admins/admins.ts'
import { findPasswordProblem, generatePassword } from '../features/admins/passwords.ts'

/** Longer than any password; the limit is for a file piped in by mistake. */
const STDIN_MAX = 1_000

/** What is wrong with the account or the password; undefined if both are valid. */
export async function findAdminInputError(account: string, password: string | undefined): Promise<string | undefined> {
  if (!ACCOUNT_PATTERN.test(account)) return 'an account must be a letter, followed by 3 to 15 letters, digits or underscores'
  return password === undefined ? undefined : findPasswordProblem(password)
}

/** Without a password, one is generated and returned. */
export async function createAdmin(admins: Admins, account: string, password: string | undefined) {
  const chosen = password ?? generatePassword()
  const administrator_id = await admins.create(account, chosen)
  return { administrator_id: administrator_id.toString(), account, ...(password === undefined ? { password: chosen } : {}) }
}

/** The first line of `input`. */
export async function readPassword(input: AsyncIterable<Buffer | string>): Promise<string> {
  let text = ''
  for await (const piece of input) {
    text += piece
    if (text.length > STDIN_MAX || text.includes('\n')) break
  }
  return text.split(/\r?\n/, 1)[0] as string
}
