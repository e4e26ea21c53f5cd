// The data folder (DATA_DIR): its creation, and the lock that lets one server at a time use it.

import { existsSync } from 'node:fs'
import { access, constants, mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { acquireLock, findLockHolder, type Lock } from '../engines/postgres/lock.ts'
import { findRunningServer } from './server-file.ts'

/** Creates the folder if it is missing. Throws a readable error if it cannot be created or written to. */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    // The subfolder first: root passes the write check everywhere, but still cannot create a folder in /proc.
    await createFolder(join(dataDir, 'secrets'), 0o700)
    await access(dataDir, constants.W_OK)
    await keepOutOfGit(dataDir)
  } catch (err) {
    const { code = '', message } = err as NodeJS.ErrnoException
    const reasons: Record<string, string> = {
      ENOENT: 'no folder can be created there',
      EACCES: 'it cannot be written to',
      EPERM: 'it cannot be written to',
      EROFS: 'it cannot be written to',
    }
    throw new Error(`DATA_DIR is ${dataDir}, but ${reasons[code] ?? message}`, { cause: err })
  }
}

/** It has secrets, and an operator may put it into a clone of this project. */
async function keepOutOfGit(dataDir: string): Promise<void> {
  await writeFile(join(dataDir, '.gitignore'), '*\n', { flag: 'wx' }).catch(err => {
    if (err.code !== 'EEXIST') throw err
  })
}

/** Creates parent folders too. Node's `recursive` option never returns below /proc, where existing folders report ENOENT. */
async function createFolder(path: string, mode?: number): Promise<void> {
  if (!existsSync(path)) {
    await createFolder(dirname(path))
    await mkdir(path, { mode }).catch(err => {
      if (err.code !== 'EEXIST') throw err // another process of ours created it first
    })
  }
  if (!(await stat(path)).isDirectory()) throw new Error(`${path} is not a folder`)
}

/** Throws an error with the pid of the server that holds the folder. The kernel drops the lock when the process ends. */
export async function lockDataDir(dataDir: string): Promise<Lock> {
  const folder = join(dataDir, 'secrets') // not `dataDir` itself: that lock is for starting and stopping PostgreSQL
  const lock = await acquireLock(folder)
  if (lock) return lock
  const holder = await findLockHolder(folder)
  // A paused process does not answer, but its pid is in the server file.
  const pid = holder === 'unknown' ? ((await findRunningServer(dataDir))?.pid ?? holder) : holder
  throw new Error(`another server, process ${pid}, is using ${dataDir}: stop it first, or set DATA_DIR to another folder`)
}
