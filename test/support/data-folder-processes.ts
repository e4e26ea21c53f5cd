// Processes that use a data folder, found in /proc, and the PostgreSQL among them.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { isServerRunning, readPostmaster } from '../../src/engines/postgres/postmaster-file.ts'
import { eventually, PATIENCE_MS } from './waiting.ts'

const clusterFolder = (dataDir: string) => join(dataDir, 'postgres')

/** Undefined when no PostgreSQL runs on the folder. */
export function postgresPid(dataDir: string): number | undefined {
  const pid = readPostmaster(clusterFolder(dataDir))?.pid
  return pid !== undefined && isServerRunning(pid, clusterFolder(dataDir)) ? pid : undefined
}

export function postgresUrl(dataDir: string): string {
  const password = readFileSync(join(dataDir, 'secrets', 'postgres'), 'utf8').trim()
  return `postgres://broadsheet:${password}@127.0.0.1:${readPostmaster(clusterFolder(dataDir))?.port}/broadsheet`
}

/** Pids of living processes with the folder in their command line, or whose working directory is in it (PostgreSQL's own). */
export function processesUsing(dataDir: string): number[] {
  return readdirSync('/proc').flatMap(name => {
    if (!/^\d+$/.test(name)) return []
    const command = readIfPresent(`/proc/${name}/cmdline`)
    if (!command) return [] // has ended, or is a thread of the kernel
    const isNamed = command.split('\0').some(word => word.startsWith(dataDir))
    return isNamed || ifPresent(() => readlinkSync(`/proc/${name}/cwd`))?.startsWith(dataDir) ? [Number(name)] : []
  })
}

/** Waits until no process uses the folder. A PostgreSQL whose server was killed ends within a second or two. */
export async function waitUntilStopped(dataDir: string): Promise<void> {
  await eventually(
    () => processesUsing(dataDir),
    pids => pids.length === 0,
    2 * PATIENCE_MS,
  )
}

/** Resident memory in megabytes. */
export function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readIfPresent(`/proc/${pid}/status`) ?? '')?.[1] ?? Number.NaN) / 1024
}

const readIfPresent = (path: string) => ifPresent(() => readFileSync(path, 'utf8'))

/** Undefined when it throws: an entry of /proc may vanish at any moment. */
function ifPresent<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
