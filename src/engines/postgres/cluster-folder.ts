// The folder of the cluster and its password: where they are, and put right when somebody copied them carelessly.

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

/** The real path of DATA_DIR, created if missing. As root others may pass through it, for PostgreSQL is another user then. */
export function openDataDir(dataDir: string): string {
  mkdirSync(resolve(dataDir), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  return realpathSync(dataDir)
}

export const clusterFolder = (home: string): string => join(home, 'postgres')
const passwordFile = (home: string): string => join(home, 'secrets', 'postgres')

export function connectionUrl(home: string, port: number): string {
  return `postgres://${USER}:${readFileSync(passwordFile(home), 'utf8').trim()}@127.0.0.1:${port}/${DATABASE}`
}

/** Which version wrote the cluster and who owns it; undefined where none is. */
export function findCluster(home: string): { major: number; owner: { uid: number; gid: number } } | undefined {
  const cluster = clusterFolder(home)
  if (!existsSync(cluster)) return undefined
  if (!existsSync(passwordFile(home)))
    throw new Error(`${passwordFile(home)} is missing, or not for this user to read: without it the data in ${cluster} cannot be opened`)
  return { major: Number(readFileSync(join(cluster, 'PG_VERSION'), 'utf8')), owner: statSync(cluster) }
}

/** Root may have copied or restored the folder: PostgreSQL wants to own it, alone. */
export function restoreOwner(home: string, as: RunAs): void {
  const cluster = clusterFolder(home)
  const { uid, mode } = statSync(cluster)
  if (as.user && uid !== as.user.uid) {
    // The folder itself comes last: as long as it is root's, the work is not done.
    for (const name of readdirSync(cluster, { recursive: true }) as string[]) chownSync(join(cluster, name), as.user.uid, as.user.gid)
    chownSync(cluster, as.user.uid, as.user.gid)
  }
  if ((mode & 0o777) !== 0o700) chmodSync(cluster, 0o700)
}

export function readOrCreatePassword(home: string): string {
  const path = passwordFile(home)
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  mkdirSync(join(home, 'secrets'), { recursive: true, mode: 0o700 })
  const password = randomBytes(24).toString('base64url') // 192 bits: beyond guessing, and safe inside a URL
  const written = openSync(`${path}.new`, 'w', 0o600)
  writeFileSync(written, `${password}\n`)
  fsyncSync(written)
  closeSync(written)
  renameSync(`${path}.new`, path)
  syncDirectory(join(home, 'secrets'))
  return password
}

export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
