// The folders of the cluster and its password below DATA_DIR.

import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import type { RunAs } from './run-as.ts'

export const USER = 'broadsheet'
export const DATABASE = 'broadsheet'

/** Creates DATA_DIR if it is missing and returns its real path. If we are root, PostgreSQL's user must be able to pass through it. */
export function openDataDir(dataDir: string): string {
  mkdirSync(resolve(dataDir), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  return realpathSync(dataDir)
}

export const clusterFolder = (dataDir: string): string => join(dataDir, 'postgres')
const passwordFile = (dataDir: string): string => join(dataDir, 'secrets', 'postgres')

export function connectionUrl(dataDir: string, port: number): string {
  return `postgres://${USER}:${readFileSync(passwordFile(dataDir), 'utf8').trim()}@127.0.0.1:${port}/${DATABASE}`
}

/** The major version that wrote the cluster, and its owner; undefined if there is no cluster. Throws if the password is missing. */
export function findCluster(dataDir: string): { major: number; owner: { uid: number; gid: number } } | undefined {
  const cluster = clusterFolder(dataDir)
  if (!existsSync(cluster)) return undefined
  const password = passwordFile(dataDir)
  if (!existsSync(password))
    throw new Error(`${password} is missing, or not readable for this user: without it the data in ${cluster} cannot be opened`)
  return { major: Number(readFileSync(join(cluster, 'PG_VERSION'), 'utf8')), owner: statSync(cluster) }
}

/** Restores owner and mode of the cluster, which root may have copied: PostgreSQL requires to own it, with mode 0700. */
export function restoreOwner(dataDir: string, { user }: RunAs): void {
  const cluster = clusterFolder(dataDir)
  const { uid, mode } = statSync(cluster)
  if (user && uid !== user.uid) {
    // The folder itself is last: if this is interrupted, the next start sees that it is not finished.
    for (const name of readdirSync(cluster, { recursive: true }) as string[]) chownSync(join(cluster, name), user.uid, user.gid)
    chownSync(cluster, user.uid, user.gid)
  }
  if ((mode & 0o777) !== 0o700) chmodSync(cluster, 0o700)
}

export function readOrCreatePassword(dataDir: string): string {
  const path = passwordFile(dataDir)
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  mkdirSync(join(dataDir, 'secrets'), { recursive: true, mode: 0o700 })
  const password = randomBytes(24).toString('base64url') // 192 bits, in characters that a URL may contain
  const file = openSync(`${path}.new`, 'w', 0o600)
  writeFileSync(file, `${password}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(`${path}.new`, path)
  syncFolder(join(dataDir, 'secrets'))
  return password
}

/** Makes the renames in a folder durable. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}
