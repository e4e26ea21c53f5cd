// The first administrator, made once in the life of an installation by a process that serves people. A password nobody
// gave is generated; it is printed, and kept in the data folder until somebody chooses another.

import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { AdministratorId } from '../base/id.ts'
import { createAdministrator, findAdministratorByAccount, hasAdministrators } from '../features/admins/admins.sql.ts'
import { generatePassword, hashPassword, isAcceptablePassword, verifyPassword } from '../features/admins/passwords.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface FirstAdmin {
  account: string
  /** Generated now; on later starts only its file is named. */
  password?: string
  file?: string
}

const fileIn = (dataDir: string) => join(dataDir, 'secrets', 'admin-password')

/** Undefined when there is nothing to tell: it was made before, and its password is somebody's own. */
export async function createFirstAdmin({ config, database, newId }: Infrastructure): Promise<FirstAdmin | undefined> {
  const { account, password: given } = config.admin
  const file = fileIn(config.dataDir)
  if (await hasAdministrators(database.db)) {
    const kept = await readKept(file)
    return kept && { account: kept.account, file }
  }
  // Kept before the row is there: killed in between, the next start finds the password it will need.
  const kept = given ? undefined : await keep(file, account)
  const password = given ?? (kept?.password as string)
  const hash = await hashPassword(password)
  const made = await database.db.transaction().execute(async tx => {
    // Of several processes that start together, on one folder or on several, one makes it; the others wait here for that.
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('milestone')
      .values({ name: 'first admin' })
      .onConflict(row => row.doNothing())
      .executeTakeFirst()
    if (!numInsertedOrUpdatedRows || (await hasAdministrators(tx))) return false
    return createAdministrator(tx, { id: newId() as AdministratorId, account, hash, name: account })
  })
  if (made) return kept ? { account, password, file } : { account }
  // Another was quicker. With this folder it used this file; with a folder of its own, what stands in ours opens nothing.
  const first = await findAdministratorByAccount(database.db, account)
  if (kept && first && (await verifyPassword(password, first.password_hash))) return { account, file }
  if (kept) await rm(file, { force: true })
  return undefined
}

/** What was generated is of no use to anybody once another password is chosen. */
export async function deleteFirstPassword(dataDir: string, account: string): Promise<void> {
  if ((await readKept(fileIn(dataDir)))?.account === account) await rm(fileIn(dataDir), { force: true })
}

async function keep(file: string, account: string): Promise<{ password: string }> {
  const password = generatePassword()
  // With a database and keys from elsewhere nothing may have been kept here so far.
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  // Whole or not at all, however this process ends. Two may start at once: the first to link wins, and both read what it wrote.
  const made = `${file}.${process.pid}`
  await writeFile(made, `${account} ${password}\n`, { mode: 0o600, flush: true })
  try {
    await link(made, file)
    return { password }
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err
    const kept = await readKept(file)
    if (kept?.account === account) return { password: kept.password }
    // Emptied by a full disk or a power cut, or for an account that never came to be.
    await rename(made, file)
    return { password }
  } finally {
    await rm(made, { force: true })
  }
}

async function readKept(file: string): Promise<{ account: string; password: string } | undefined> {
  const [account, password] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ')
  return account && password && isAcceptablePassword(password) ? { account, password } : undefined
}
