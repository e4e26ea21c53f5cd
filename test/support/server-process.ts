// Real server processes, started as an operator starts them.

import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { waitUntilStopped } from './data-folder-processes.ts'
import { PATIENCE_MS, pause, within } from './waiting.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
/** The only settings our programs inherit from this process. The compile cache halves their start. */
export const PROCESS_ENV = { PATH, HOME, ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}) }
export const QUIET = { LOG_LEVEL: 'silent' }

export interface Output {
  out: string
  err: string
}

export interface Exit extends Output {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface ServerProcess {
  pid: number
  dataDir: string
  /** What it has printed so far. */
  output: Output
  /** From the start to the ready line. */
  startMs: number
  url: string
  grpc: string
  /** Waits until it has ended. If that takes long, it is killed, and the wait fails with what it has printed. */
  ended(): Promise<Exit>
  kill(signal: NodeJS.Signals): void
}

/** Longer than a server drains, and than PostgreSQL goes on, with the pipes of a server that was killed. */
const END_MS = 2 * PATIENCE_MS

/** Starts a server and returns at once. `detached` gives it a process group of its own. */
export function spawnServer(dataDir: string, env: Record<string, string> = {}, detached = false) {
  const defaults = { ...PROCESS_ENV, DATA_DIR: dataDir, PORT: '0', GRPC_PORT: '0', DEMO: '0' }
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, ['--min-semi-space-size=16', 'src/main.ts'], {
    cwd: ROOT,
    env: { ...defaults, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  })
  const output: Output = { out: '', err: '' }
  for (const [stream, name] of [[child.stdout, 'out'] as const, [child.stderr, 'err'] as const])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output[name] += piece
    })
  const closed = once(child, 'close').then(([code, signal]): Exit => ({ ...output, code, signal }))
  const ended = () =>
    within(closed, `the server ${child.pid} ends`, END_MS).catch(err => {
      child.kill('SIGKILL')
      throw new Error(`${err.message}\n${output.out}${output.err}`)
    })
  return { child, pid: child.pid as number, output, ended }
}

/** Fifty times what a first start takes, with initdb. */
const START_MS = 3 * PATIENCE_MS
const READY = /^ready(?: (http\S+))?(?: grpc (\S+))?\n/m

/** Starts a server and waits for its ready line. With `t` it is killed after the test. */
export async function startServer(
  t: Pick<TestContext, 'after'> | undefined,
  dataDir: string,
  env?: Record<string, string>,
  detached = false,
): Promise<ServerProcess> {
  const began = performance.now()
  const { child, pid, output, ended } = spawnServer(dataDir, env, detached)
  t?.after(async () => {
    child.kill('SIGKILL')
    await ended()
    await waitUntilStopped(dataDir)
  })
  let hasEnded = false
  child.once('close', () => {
    hasEnded = true
  })
  while (!READY.test(output.out)) {
    if (hasEnded) throw new Error(`the server ended before it was ready:\n${output.out}${output.err}`)
    if (performance.now() - began > START_MS) {
      child.kill('SIGKILL')
      throw new Error(`the server is not ready after ${START_MS} ms:\n${output.out}${output.err}`)
    }
    await pause(5)
  }
  const [, url = '', grpc = ''] = READY.exec(output.out) as RegExpExecArray
  const startMs = Math.round(performance.now() - began)
  return { pid, dataDir, output, startMs, url, grpc, ended, kill: signal => void child.kill(signal) }
}

/** Stops a server and waits until it and its PostgreSQL have ended. */
export async function stopServer(server: ServerProcess, signal: NodeJS.Signals = 'SIGTERM') {
  const began = performance.now()
  server.kill(signal)
  const exit = await server.ended()
  const ms = Math.round(performance.now() - began)
  await waitUntilStopped(server.dataDir)
  return { ...exit, ms }
}

/** A data folder with a migrated database, as after a first start: making one takes two seconds of processor time. */
export async function copyDataFolder(t: { after(step: () => Promise<void>): void }): Promise<string> {
  const folder = await createDataFolder(t)
  await promisify(execFile)('cp', ['-a', process.env.TEST_DATA_FOLDER as string, folder])
  return folder
}

/** The path of a data folder that does not exist yet. It is removed after the test or the file, when its PostgreSQL has ended. */
export async function createDataFolder(t: { after(step: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-server-'))
  t.after(async () => {
    await waitUntilStopped(join(folder, 'data'))
    await rm(folder, { recursive: true, force: true })
  })
  return join(folder, 'data')
}
