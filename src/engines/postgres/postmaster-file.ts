// What postmaster.pid says, and whether to believe it. PostgreSQL itself trusts any pid that answers a signal; a container
// without a reaping init keeps killed postmasters as zombies, and a restarted machine gives their numbers to others.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Postmaster {
  pid: number
  port: number
  status: 'starting' | 'ready' | 'stopping'
}

const FILE = 'postmaster.pid'

export function readPostmaster(cluster: string): Postmaster | undefined {
  const lines = read(join(cluster, FILE))?.split('\n')
  if (!lines) return undefined
  const status = lines[7]?.trim() // the last line of the file, absent until the server has got that far
  return {
    pid: Number(lines[0]),
    port: Number(lines[3]),
    status: status === 'ready' ? 'ready' : status === 'stopping' ? 'stopping' : 'starting',
  }
}

/** The server that holds the cluster, as long as there really is one. */
export function findRunningServer(cluster: string): Postmaster | undefined {
  const postmaster = readPostmaster(cluster)
  return postmaster && isServerRunning(postmaster.pid, cluster) ? postmaster : undefined
}

export function isServerRunning(pid: number, cluster: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || !answers(pid)) return false
  const stat = read(`/proc/${pid}/stat`)
  const command = read(`/proc/${pid}/cmdline`)
  if (stat === undefined || command === undefined) return true // no /proc here, or it hides others: the signal must do
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0] // behind the name, which may itself contain brackets
  return state !== 'Z' && state !== 'X' && command.split('\0').includes(cluster)
}

/** The port of the last start, so that a restart is found where the clients left it. */
export function findLastPort(cluster: string): number | undefined {
  const port = read(join(cluster, 'postmaster.opts'))?.match(/"port=(\d+)"/)?.[1]
  return port === undefined ? undefined : Number(port)
}

function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it lives, and is not ours to signal
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}
