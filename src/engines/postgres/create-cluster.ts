// A new cluster: made whole or not at all, however often the process that makes it is killed.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import type { Binaries } from './binaries.ts'
import { clusterFolder, DATABASE, readOrCreatePassword, syncDirectory, USER } from './cluster-folder.ts'
import type { RunAs } from './run-as.ts'

const NEW = 'postgres.new-'

/** Call with the claim held: what others left half made is removed. */
export async function createCluster(home: string, binaries: Binaries, as: RunAs, log: Log): Promise<void> {
  await removeUnfinished(home, log)
  const password = readOrCreatePassword(home)
  const started = performance.now()
  const folder = mkdtempSync(join(home, NEW)) // 0700
  const made = join(folder, 'cluster')
  writeFileSync(join(folder, 'password'), password, { mode: 0o600 })
  for (const path of [folder, join(folder, 'password')]) if (as.user) chownSync(path, as.user.uid, as.user.gid)

  const named = hasUserName(as) ? [] : BORROWED_NAME
  try {
    await initdb([...named, binaries.initdb], binaries.major, as, made, join(folder, 'password'))
  } catch (error) {
    if (named.length === 0) throw error
    const why =
      'creating a database needs a user that has a name in /etc/passwd, and this one has not: add a line there, or set DATABASE_URL'
    throw new Error(`${why} (${(error as Error).message})`, { cause: error })
  }
  await run(as, [...named, binaries.postgres, '--single', '-F', '-D', made, 'template1'], `create database ${DATABASE}\n`)
  await run(as, [binaries.initdb, '--sync-only', '-D', made]) // once for all of it: nothing before had to reach the disk

  renameSync(made, clusterFolder(home))
  syncDirectory(home)
  await rm(folder, { recursive: true, force: true })
  log.info({ ms: Math.round(performance.now() - started), folder: clusterFolder(home) }, 'database created')
}

// An initdb that has just lost its starter is still removing what it made, or even still making it: so look again until all is
// gone. Five seconds is more than it ever lives on; and what remains is in nobody's way, only on the disk.
async function removeUnfinished(home: string, log: Log): Promise<void> {
  const halfMade = () => readdirSync(home).filter(name => name.startsWith(NEW))
  for (let tries = 0; tries < 50; tries++) {
    for (const name of halfMade()) await rm(join(home, name), { recursive: true, force: true }).catch(() => {})
    if (halfMade().length === 0) return
    await sleep(100)
  }
  log.warn({ folders: halfMade() }, 'could not remove what killed starts left')
}

// Sorting and case come from PostgreSQL itself where it can (17 and later), equal on every machine. The parser of the text
// search and trigrams still ask the C library what a letter is, and under plain C no Chinese character is one: hence a UTF-8
// character type, by the name Linux gives it, then the one macOS has.
async function initdb(program: string[], major: number, as: RunAs, folder: string, passwordFile: string): Promise<void> {
  const builtin = major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  const always = ['--encoding=UTF8', '--locale=C', ...builtin, '--data-checksums', '--no-sync', '--no-instructions']
  const access = [`--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  const letters = ['C.UTF-8', 'en_US.UTF-8', 'C']
  for (const [index, name] of letters.entries()) {
    try {
      return await run(as, [...program, '-D', folder, ...always, ...access, `--lc-ctype=${name}`])
    } catch (error) {
      if (index === letters.length - 1 || !/invalid locale name/.test(String(error))) throw error
    }
  }
}

// initdb asks for the name of its user although it is told whom to create. A user without one (`docker run --user 12345`) gets
// nobody's for the length of the command, where the kernel lets ordinary users rename themselves in a namespace of their own.
const BORROWED_NAME = ['unshare', '--user', '--map-user=65534', '--map-group=65534']

function hasUserName(as: RunAs): boolean {
  const [file, ...args] = as.command(['id', '-un'])
  return spawnSync(file, args, as.spawnOptions).status === 0
}

async function run(as: RunAs, words: string[], input = ''): Promise<void> {
  const [file, ...args] = as.command(words)
  const child: ChildProcess = spawn(file, args, as.spawnOptions)
  let said = ''
  child.stderr?.on('data', piece => {
    said += piece
  })
  child.stdout?.resume()
  child.stdin?.on('error', () => {}) // it may end before reading; its exit code tells
  child.stdin?.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${words[0]} failed: ${said.trim()}`)
}
