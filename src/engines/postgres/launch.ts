// One start of the server: from the command to the moment it takes connections, or to the reason why it does not.

import { spawn } from 'node:child_process'
import { withTimeout } from '../../base/timeout.ts'
import type { Binaries } from './binaries.ts'
import { readPostmaster } from './postmaster-file.ts'
import type { RunAs } from './run-as.ts'
import { serverArguments } from './settings.ts'

export interface LaunchedServer {
  pid: number
  port: number
  /** Resolves when the process is gone, with the last lines it wrote. Never rejects. */
  ended: Promise<string[]>
  stop(): Promise<void>
}

/** `busy`: something of a predecessor still holds the data. `port`: taken in the meantime. Both may pass. */
type Obstacle = 'busy' | 'port' | undefined

export const obstacleOf = (error: unknown): Obstacle => (error as { obstacle?: Obstacle }).obstacle

const LINES_KEPT = 50 // a failed start says a handful; a crash with a dump of memory contexts says more
const FLOCK_TAKEN = 75 // EX_TEMPFAIL of sysexits.h; PostgreSQL itself ends with 0 to 3

interface LaunchOptions {
  binaries: Binaries
  as: RunAs
  cluster: string
  port: number
  /** Whether a postmaster.pid lies there that no server stands behind. */
  hasStalePidFile: boolean
}

export async function launch({ binaries, as, cluster, port, hasStalePidFile }: LaunchOptions): Promise<LaunchedServer> {
  const words = [binaries.postgres, '-D', cluster, ...serverArguments({ port, major: binaries.major })]
  const removing = hasStalePidFile ? ['sh', '-c', 'rm -f "$0"/postmaster.pid && exec "$@"', cluster] : []
  // The lock is inherited by every process of the server and so ends with the last of them. It is the only thing that two
  // containers with one volume have in common, whose process numbers and shared memory are separate; hence also: a stale
  // postmaster.pid is removed behind it.
  const locking = as.flock ? ['flock', '--nonblock', '--no-fork', `--conflict-exit-code=${FLOCK_TAKEN}`, cluster] : []
  const [file, ...args] = as.command([...locking, ...removing, ...words])
  const child = spawn(file, args, { ...as.spawnOptions, stdio: ['ignore', 'ignore', 'pipe'] })
  const interrupt = () => child.kill('SIGINT')
  process.once('exit', interrupt) // for systems where no signal comes when we end
  const lines = keepLastLines(child.stderr)
  let gone = false
  const ended = new Promise<string[]>(resolve => {
    child.once('error', error => lines.push(error.message))
    child.once('close', status => {
      process.off('exit', interrupt)
      gone = true
      if (status === FLOCK_TAKEN) lines.push(`${cluster} is locked by a process of a killed server, or by a server in another container`)
      resolve(lines)
    })
  })
  const { pid } = child
  for (;;) {
    const seen = readPostmaster(cluster)
    if (pid !== undefined && seen?.pid === pid && seen.status === 'ready') return { pid, port, ended, stop: () => stop(child, ended) }
    // No limit here: after kill -9 it repairs itself first, and to interrupt that would only make the next one longer.
    await withTimeout(10, ended, () => {}) // a warm start takes 35 ms
    if (gone) break
  }
  const said = (await ended).join('\n')
  throw Object.assign(new Error(`PostgreSQL did not start:\n${said}`), { obstacle: findObstacle(said) })
}

async function stop(child: ReturnType<typeof spawn>, ended: Promise<unknown>): Promise<void> {
  // Fast shutdown, then without a checkpoint (PostgreSQL itself waits 5 s for its children there), then by force. Nothing that
  // was acknowledged is lost by either: the next start repairs.
  for (const [signal, seconds] of [
    ['SIGINT', 10],
    ['SIGQUIT', 10],
    ['SIGKILL', 10],
  ] as const) {
    child.kill(signal)
    const stopped = ended.then(() => true)
    if (await withTimeout(seconds * 1000, stopped, () => false)) return
  }
}

function findObstacle(said: string): Obstacle {
  if (/could not create any TCP\/IP sockets|Address already in use/.test(said)) return 'port'
  if (/pre-existing shared memory|lock file "[^"]*" already exists| is locked by /.test(said)) return 'busy'
  return undefined
}

function keepLastLines(stream: NodeJS.ReadableStream): string[] {
  const lines: string[] = []
  let rest = ''
  stream.setEncoding('utf8').on('data', (piece: string) => {
    const parts = (rest + piece).split('\n')
    rest = (parts.pop() ?? '').slice(-10_000) // a line is never as long; a stream without line ends must not grow
    lines.push(...parts)
    lines.splice(0, lines.length - LINES_KEPT)
  })
  return lines
}
