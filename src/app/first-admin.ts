// Creates the first administrator, once in the life of a database. Without ADMIN_PASSWORD a password is generated, printed,
// and kept in the data folder until the administrator chooses another one.

import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { AdministratorId } from '../base/id.ts'
import { createAdministrator, findAdministratorByAccount, hasAdministrators } from '../features/admins/admins.sql.ts'
import { findPasswordProblem, generatePassword, hashPassword, isAcceptableLength, verifyPassword } from '../features/admins/passwords.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface FirstAdmin {
  account: string
  /** Only on the start that generated it. */
  password?: string
  /** The file with the generated password. */
  file?: string
}

/** Its name among the secrets. */
export const PASSWORD_FILE = 'admin-password'

const passwordFile = (dataDir: string) => join(dataDir, 'secrets', PASSWORD_FILE)

/** Undefined if an administrator exists already and has chosen a password. */
export async function createFirstAdmin({ config, database, newId }: Infrastructure): Promise<FirstAdmin | undefined> {
  const { account, password: given } = config.admin
  const file = passwordFile(config.dataDir)
  if (await hasAdministrators(database.db)) return findFirstPassword(config.dataDir)
  const problem = given && (await findPasswordProblem(given))
  if (problem) throw new Error(`ADMIN_PASSWORD: ${problem}`)
  // The file is written before the row: if the process is killed in between, the next start uses the same password.
  const generated = given ? undefined : await savePassword(file, account)
  const password = given ?? (generated as string)
  const hash = await hashPassword(password)
  const created = await database.db.transaction().execute(async tx => {
    // If several processes start together, the first insert wins; the others wait here for its transaction.
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('milestone')
      .values({ name: 'first admin' })
      .onConflict(row => row.doNothing())
      .executeTakeFirst()
    if (!numInsertedOrUpdatedRows || (await hasAdministrators(tx))) return false
    return createAdministrator(tx, { id: newId() as AdministratorId, account, hash, name: account })
  })
  if (created) return generated ? { account, password, file } : { account }
  // Another process created the administrator. If it shares our data folder, it used the password in our file.
  const first = await findAdministratorByAccount(database.db, account)
  if (generated && first && (await verifyPassword(password, first.password_hash))) return { account, file }
  if (generated) await rm(file, { force: true })
  return undefined
}

/** Undefined when there is no generated password, or another one has been chosen. */
export async function findFirstPassword(dataDir: string): Promise<Required<Pick<FirstAdmin, 'account' | 'file'>> | undefined> {
  const file = passwordFile(dataDir)
  const saved = await readPasswordFile(file)
  return saved && { account: saved.account, file }
}

/** Called when the administrator chooses a password. */
export async function deleteFirstPassword(dataDir: string, account: string): Promise<void> {
  if ((await readPasswordFile(passwordFile(dataDir)))?.account === account) await rm(passwordFile(dataDir), { force: true })
}

/** Returns the password that the file then holds: ours, or the one another process saved first. */
async function savePassword(file: string, account: string): Promise<string> {
  const password = generatePassword()
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  // Written to a temporary file first, so that the file is complete however this process ends. If two processes start at
  // once, the first link wins.
  const temporary = `${file}.${process.pid}`
  await writeFile(temporary, `${account} ${password}\n`, { mode: 0o600, flush: true })
  try {
    await link(temporary, file)
    return password
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err
    const saved = await readPasswordFile(file)
    if (saved?.account === account) return saved.password
    // The file is empty (a full disk, a power cut) or names an account that was never created.
    await rename(temporary, file)
    return password
  } finally {
    await rm(temporary, { force: true })
  }
}

async function readPasswordFile(file: string): Promise<{ account: string; password: string } | undefined> {
  const [account, password] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ')
  return account && password && isAcceptableLength(password) ? { account, password } : undefined
}
