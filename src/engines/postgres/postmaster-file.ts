// Reads postmaster.pid and decides whether its server really runs. PostgreSQL itself trusts any process with that id. But a
// container without a reaping init keeps killed servers as zombies, and after a reboot another process may have the id.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Postmaster {
  pid: number
  port: number
  status: 'starting' | 'ready' | 'stopping'
}

const FILE = 'postmaster.pid'

export function readPostmaster(cluster: string): Postmaster | undefined {
  const lines = readIfPresent(join(cluster, FILE))?.split('\n')
  if (!lines) return undefined
  const status = lines[7]?.trim() // the last line, absent while the server is starting
  return {
    pid: Number(lines[0]),
    port: Number(lines[3]),
    status: status === 'ready' ? 'ready' : status === 'stopping' ? 'stopping' : 'starting',
  }
}

export function findRunningServer(cluster: string): Postmaster | undefined {
  const postmaster = readPostmaster(cluster)
  return postmaster && isServerRunning(postmaster.pid, cluster) ? postmaster : undefined
}

/** True if process `pid` is a live PostgreSQL of this cluster. Without /proc, any live process with that id counts. */
export function isServerRunning(pid: number, cluster: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return false
  const stat = readIfPresent(`/proc/${pid}/stat`)
  const command = readIfPresent(`/proc/${pid}/cmdline`)
  if (stat === undefined || command === undefined) return true
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0] // after the name, which may itself contain brackets
  return state !== 'Z' && state !== 'X' && command.split('\0').includes(cluster)
}

/** The port of the last start: a restart on it is found by existing clients. */
export function findLastPort(cluster: string): number | undefined {
  const port = readIfPresent(join(cluster, 'postmaster.opts'))?.match(/"port=(\d+)"/)?.[1]
  return port === undefined ? undefined : Number(port)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // alive, and another user's
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}
