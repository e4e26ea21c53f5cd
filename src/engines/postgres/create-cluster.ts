// Creates a cluster completely or not at all, even if the process is killed meanwhile.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import type { Binaries } from './binaries.ts'
import { clusterFolder, DATABASE, readOrCreatePassword, syncFolder, USER } from './cluster-folder.ts'
import type { RunAs } from './run-as.ts'

const UNFINISHED = 'postgres.new-'

/** The caller holds the lock. */
export async function createCluster(dataDir: string, binaries: Binaries, runAs: RunAs, log: Log): Promise<void> {
  await removeUnfinished(dataDir, log)
  const password = readOrCreatePassword(dataDir)
  const startedAt = performance.now()
  const folder = mkdtempSync(join(dataDir, UNFINISHED)) // mode 0700
  const cluster = join(folder, 'cluster')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  for (const path of [folder, passwordFile]) if (runAs.user) chownSync(path, runAs.user.uid, runAs.user.gid)

  const prefix = hasUserName(runAs) ? [] : BORROWED_NAME
  try {
    await runInitdb([...prefix, binaries.initdb], binaries.major, runAs, cluster, passwordFile)
  } catch (error) {
    if (prefix.length === 0) throw error
    const why =
      'creating a database needs a user that has a name in /etc/passwd, and this one has not: add a line there, or set DATABASE_URL'
    throw new Error(`${why} (${(error as Error).message})`, { cause: error })
  }
  await run(runAs, [...prefix, binaries.postgres, '--single', '-F', '-D', cluster, 'template1'], `create database ${DATABASE}\n`)
  await run(runAs, [binaries.initdb, '--sync-only', '-D', cluster]) // nothing before had to reach the disk

  renameSync(cluster, clusterFolder(dataDir))
  syncFolder(dataDir)
  await rm(folder, { recursive: true, force: true })
  log.info({ ms: Math.round(performance.now() - startedAt), folder: clusterFolder(dataDir) }, 'database created')
}

// An initdb whose starter was killed may still be writing or removing files, so removal is repeated until nothing is left. Five
// seconds are more than it ever goes on. A folder that remains only takes disk space.
async function removeUnfinished(dataDir: string, log: Log): Promise<void> {
  const unfinished = () => readdirSync(dataDir).filter(name => name.startsWith(UNFINISHED))
  for (let tries = 0; tries < 50; tries++) {
    for (const name of unfinished()) await rm(join(dataDir, name), { recursive: true, force: true }).catch(() => {})
    if (unfinished().length === 0) return
    await sleep(100)
  }
  log.warn({ folders: unfinished() }, 'could not remove what killed starts left')
}

// From version 17 on, sorting and case are PostgreSQL's own and equal on every machine. The text search parser and trigrams
// still ask the C library what a letter is, and in the plain C locale no Chinese character is one. The character type is
// therefore UTF-8, by the name it has on Linux or on macOS.
async function runInitdb(command: string[], major: number, runAs: RunAs, cluster: string, passwordFile: string): Promise<void> {
  const builtin = major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  const always = ['--encoding=UTF8', '--locale=C', ...builtin, '--data-checksums', '--no-sync', '--no-instructions']
  // Iterations make guessing slow. The password has 192 random bits; they would cost each connection two milliseconds.
  const iterations = major >= 16 ? ['--set=scram_iterations=1'] : []
  const access = [`--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', ...iterations]
  const characterTypes = ['C.UTF-8', 'en_US.UTF-8', 'C']
  for (const [index, name] of characterTypes.entries()) {
    try {
      return await run(runAs, [...command, '-D', cluster, ...always, ...access, `--lc-ctype=${name}`])
    } catch (error) {
      if (index === characterTypes.length - 1 || !/invalid locale name/.test(String(error))) throw error
    }
  }
}

// initdb needs its user to have a name. A user without one (`docker run --user 12345`) borrows the name of uid 65534 in a user
// namespace of its own, if the kernel allows that to ordinary users.
const BORROWED_NAME = ['unshare', '--user', '--map-user=65534', '--map-group=65534']

function hasUserName(runAs: RunAs): boolean {
  const [file, ...args] = runAs.command(['id', '-un'])
  return spawnSync(file, args, runAs.spawnOptions).status === 0
}

async function run(runAs: RunAs, command: string[], input = ''): Promise<void> {
  const [file, ...args] = runAs.command(command)
  const child: ChildProcess = spawn(file, args, runAs.spawnOptions)
  let stderr = ''
  child.stderr?.on('data', chunk => {
    stderr += chunk
  })
  child.stdout?.resume()
  child.stdin?.on('error', () => {}) // it may end without reading; the exit code counts
  child.stdin?.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command[0]} failed: ${stderr.trim()}`)
}
