// `admin create ACCOUNT [--password-stdin]`.

import type { Admins } from '../features/admins/admins.ts'
import { ACCOUNT_PATTERN, generatePassword, isAcceptablePassword, PASSWORD_RULE } from '../features/admins/passwords.ts'

/** No password is longer, and what is piped in by mistake may be. */
const STDIN_MAX = 1_000

/** What is wrong with these words, if anything is. */
export function adminInputError(account: string, password: string | undefined): string | undefined {
  if (!ACCOUNT_PATTERN.test(account)) return 'an account is a letter, followed by 3 to 15 letters, digits or underscores'
  return password === undefined || isAcceptablePassword(password) ? undefined : PASSWORD_RULE
}

/** Without a password one is generated, and told once. */
export async function createAdmin(admins: Admins, account: string, password: string | undefined) {
  const made = password ?? generatePassword()
  const administrator_id = await admins.create(account, made)
  return { administrator_id: administrator_id.toString(), account, ...(password === undefined ? { password: made } : {}) }
}

/** The first line. */
export async function readPassword(input: AsyncIterable<Buffer | string>): Promise<string> {
  let text = ''
  for await (const piece of input) {
    text += piece
    if (text.length > STDIN_MAX || text.includes('\n')) break
  }
  return text.split(/\r?\n/, 1)[0] as string
}
