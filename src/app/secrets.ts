import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../config.ts'

/** The keys of an installation: each a file in the data folder, unless its setting is given. */
export const KEYS = {
  'token-key': { setting: 'tokenKey', variable: 'TOKEN_KEY' },
  'trace-key': { setting: 'traceKey', variable: 'TRACE_KEY' },
  'identity-key': { setting: 'identityKey', variable: 'IDENTITY_KEY' },
  'files-key': { setting: 'filesKey', variable: 'FILES_KEY' },
} as const
export type KeyName = keyof typeof KEYS

/** The key from the settings, else the generated one. */
export const loadKey = async (config: Config, name: KeyName): Promise<string> =>
  config[KEYS[name].setting] ?? (await loadOrCreateSecret(config.dataDir, name))

/** A 128-bit key in hexadecimal. */
const SECRET_LENGTH = 32

/** A secret of this installation. It is generated on first use and kept in the data folder, readable by its owner only. */
async function loadOrCreateSecret(dataDir: string, name: string): Promise<string> {
  const file = fileOf(dataDir, name)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const known = await readSecret(dataDir, name)
  if (known && known.length >= SECRET_LENGTH) return known
  // Written to a temporary file first, so that the file is complete however this process ends. If two processes start at
  // once, the first link wins and both read its secret.
  const temporary = `${file}.${process.pid}`
  await writeFile(temporary, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true })
  await link(temporary, file).catch(async err => {
    if (err.code !== 'EEXIST') throw err
    if (!(await readSecret(dataDir, name))) await rename(temporary, file) // the file is empty: a full disk or a power cut
  })
  await rm(temporary, { force: true })
  const secret = await readSecret(dataDir, name)
  if (secret && secret.length >= SECRET_LENGTH) return secret
  throw new Error(`${file} does not hold a secret: delete it, and a new one is generated`)
}

const fileOf = (dataDir: string, name: string) => join(dataDir, 'secrets', name)

/** Stores a secret that another installation generated. The file is complete or not there. */
export async function writeSecret(dataDir: string, name: string, secret: string): Promise<void> {
  const file = fileOf(dataDir, name)
  const temporary = `${file}.${process.pid}`
  await writeFile(temporary, `${secret}\n`, { mode: 0o600, flush: true })
  await rename(temporary, file)
}

export async function readSecret(dataDir: string, name: string): Promise<string | undefined> {
  try {
    return (await readFile(fileOf(dataDir, name), 'utf8')).trim()
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw err
  }
}
