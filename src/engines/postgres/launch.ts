// Starts the server once: until it accepts connections, or until it has failed with a reason.

import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { readPostmaster } from './postmaster-file.ts'
import type { RunAs } from './run-as.ts'
import { serverArguments } from './settings.ts'

export interface LaunchedServer {
  pid: number
  port: number
  /** Resolves when the process has ended, with the last lines it wrote. Never rejects. */
  ended: Promise<string[]>
  stop(): Promise<void>
}

/** Why a start failed that may succeed later. `busy`: a previous server's processes still hold the data. `port`: it is taken. */
type Obstacle = 'busy' | 'port' | undefined

export const obstacleOf = (error: unknown): Obstacle => (error as { obstacle?: Obstacle }).obstacle

const LINES_KEPT = 50 // a failed start writes a handful, a crash that dumps memory contexts more
const LINE_MAX = 10_000
const FLOCK_TAKEN = 75 // EX_TEMPFAIL of sysexits.h; PostgreSQL itself exits with 0 to 3
const READY_POLL_MS = 10 // a start with existing data takes 35 ms

interface LaunchOptions {
  binaries: Binaries
  runAs: RunAs
  cluster: string
  port: number
  connectionsMax?: number
  /** There is a postmaster.pid of a server that no longer runs. */
  hasStalePidFile: boolean
}

export async function launch({ binaries, runAs, cluster, port, connectionsMax, hasStalePidFile }: LaunchOptions): Promise<LaunchedServer> {
  const server = [binaries.postgres, '-D', cluster, ...serverArguments({ port, major: binaries.major, connectionsMax })]
  // Every process of the server inherits the flock, which so ends with the last of them. It is all that two containers on one
  // volume share: their process ids and shared memory are separate. So postmaster.pid is removed only under the flock.
  const removePidFile = hasStalePidFile ? ['sh', '-c', 'rm -f "$0"/postmaster.pid && exec "$@"', cluster] : []
  const lock = runAs.hasFlock ? ['flock', '--nonblock', '--no-fork', `--conflict-exit-code=${FLOCK_TAKEN}`, cluster] : []
  const [file, ...args] = runAs.command([...lock, ...removePidFile, ...server])
  const child = spawn(file, args, { ...runAs.spawnOptions, stdio: ['ignore', 'ignore', 'pipe'] })
  const interrupt = () => child.kill('SIGINT')
  process.once('exit', interrupt) // where the kernel does not signal the child when we end
  const lines = keepLastLines(child.stderr)
  let hasEnded = false
  const ended = new Promise<string[]>(resolve => {
    child.once('error', error => lines.push(error.message))
    child.once('close', status => {
      process.off('exit', interrupt)
      hasEnded = true
      if (status === FLOCK_TAKEN) lines.push(`${cluster} is locked by a process of a killed server, or by a server in another container`)
      resolve(lines)
    })
  })
  const { pid } = child
  for (;;) {
    const postmaster = readPostmaster(cluster)
    if (pid !== undefined && postmaster?.pid === pid && postmaster.status === 'ready')
      return { pid, port, ended, stop: () => stop(child, ended) }
    // Without a time limit: after kill -9 the server recovers first, and interrupting that would only prolong the next start.
    await Promise.race([sleep(READY_POLL_MS), ended])
    if (hasEnded) break
  }
  const output = (await ended).join('\n')
  throw Object.assign(new Error(`PostgreSQL did not start:\n${output}`), { obstacle: findObstacle(output) })
}

async function stop(child: ReturnType<typeof spawn>, ended: Promise<unknown>): Promise<void> {
  // Fast shutdown, then immediate shutdown (PostgreSQL waits 5 s for its children), then by force. Acknowledged rows are kept in
  // each case: the next start recovers them.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    child.kill(signal)
    const cancelTimeout = new AbortController()
    const timeout = sleep(10_000, true, { signal: cancelTimeout.signal }).catch(() => false)
    const timedOut = await Promise.race([ended.then(() => false), timeout])
    cancelTimeout.abort()
    if (!timedOut) return
  }
}

function findObstacle(output: string): Obstacle {
  if (/could not create any TCP\/IP sockets|Address already in use/.test(output)) return 'port'
  if (/pre-existing shared memory|lock file "[^"]*" already exists| is locked by /.test(output)) return 'busy'
  return undefined
}

function keepLastLines(stream: NodeJS.ReadableStream): string[] {
  const lines: string[] = []
  let rest = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = (parts.pop() ?? '').slice(-LINE_MAX) // output without line ends must not grow
    lines.push(...parts)
    lines.splice(0, lines.length - LINES_KEPT)
  })
  return lines
}
