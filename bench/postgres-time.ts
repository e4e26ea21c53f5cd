// The processor time that the processes of a PostgreSQL server have used, which a busy machine does not change. On Linux.

import { readdirSync, readFileSync } from 'node:fs'

const LINUX = process.platform === 'linux'

/** Milliseconds since the start of the processes that run now; undefined on other systems. */
export function createPostgresClock(serverPid: number): (() => number) | undefined {
  if (!LINUX) return undefined
  return () => childrenOf(serverPid).reduce((sum, pid) => sum + ranMs(pid), 0)
}

/** One file for each thread of a process; PostgreSQL's processes have one thread. */
const childrenOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).flatMap(thread =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean),
  )

/** A process that has just ended counts nothing. */
function ranMs(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    return 0
  }
}
