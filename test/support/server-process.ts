// The real process, started as an operator starts it, and looked at from outside.

import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { isServerRunning, readPostmaster } from '../../src/engines/postgres/postmaster-file.ts'
import { PATIENCE_MS, pause } from './waiting.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
/** All that our programs are told of this process's own settings. With what is compiled already they start in half the time. */
export const PROCESS_ENV = { PATH, HOME, ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}) }

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
  output: Output
  /** From its start to its ready line. */
  startMs: number
  url: string
  grpc: string
  ended: Promise<Exit>
  kill(signal: NodeJS.Signals): void
}

/** Starts a server and returns at once; `ended` tells how it went. */
export function spawnServer(dataDir: string, env: Record<string, string> = {}, detached = false) {
  const own = { ...PROCESS_ENV, DATA_DIR: dataDir, PORT: '0', GRPC_PORT: '0', DEMO: '0' }
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  })
  const said: Output = { out: '', err: '' }
  for (const [stream, name] of [[child.stdout, 'out'] as const, [child.stderr, 'err'] as const])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      said[name] += piece
    })
  const ended = once(child, 'close').then(([code, signal]): Exit => ({ ...said, code, signal }))
  return { child, pid: child.pid as number, said, ended }
}

const READY = /^ready(?: (http\S+))?(?: grpc (\S+))?\n/m

/** Starts a server and waits until it says it is ready; whatever happens, it is gone after the test. */
export async function startServer(
  t: Pick<TestContext, 'after'> | undefined,
  dataDir: string,
  env?: Record<string, string>,
  detached = false,
) {
  const began = performance.now()
  const { child, pid, said, ended } = spawnServer(dataDir, env, detached)
  t?.after(async () => {
    child.kill('SIGKILL')
    await ended
    await waitUntilStopped(dataDir)
  })
  let over = false
  void ended.then(() => {
    over = true
  })
  while (!READY.test(said.out)) {
    if (over) throw new Error(`the server ended before it was ready:\n${said.out}${said.err}`)
    await pause(5)
  }
  const [, url = '', grpc = ''] = READY.exec(said.out) as RegExpExecArray
  const server: ServerProcess = {
    pid,
    dataDir,
    output,
    startMs: Math.round(performance.now() - began),
    url,
    grpc,
    ended,
    kill: signal => void child.kill(signal),
  }
  return server
}

/** A folder for data that is gone after the test, or after the file's, and with it whatever PostgreSQL still ran on it. */
export async function dataFolder(t: { after(ends: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-server-'))
  t.after(async () => {
    await waitUntilStopped(join(folder, 'data'))
    await rm(folder, { recursive: true, force: true })
  })
  return join(folder, 'data')
}

const clusterOf = (dataDir: string) => join(dataDir, 'postgres')

/** The pid of the PostgreSQL that runs on a data folder. */
export function postgresPid(dataDir: string): number | undefined {
  const pid = readPostmaster(clusterOf(dataDir))?.pid
  return pid !== undefined && isServerRunning(pid, clusterOf(dataDir)) ? pid : undefined
}

/** Every living process of the folder: those that name it in their command line, and PostgreSQL's own, which live in it. */
export function processesUsing(dataDir: string): number[] {
  return readdirSync('/proc').flatMap(name => {
    if (!/^\d+$/.test(name) || /^State:\s+Z/m.test(read(`/proc/${name}/status`) ?? '')) return []
    const inside = attempt(() => readlinkSync(`/proc/${name}/cwd`))?.startsWith(dataDir)
    return inside ||
      read(`/proc/${name}/cmdline`)
        ?.split('\0')
        .some(word => word.startsWith(dataDir))
      ? [Number(name)]
      : []
  })
}

/** Waits until nothing runs on the folder; a PostgreSQL that lost its server ends within a second or two. */
export async function waitUntilStopped(dataDir: string): Promise<void> {
  for (const giveUp = Date.now() + 2 * PATIENCE_MS; processesUsing(dataDir).length > 0; await pause(20))
    if (Date.now() > giveUp) throw new Error(`still running on ${dataDir}: ${processesUsing(dataDir).join(', ')}`)
}

export function postgresUrl(dataDir: string): string {
  const password = readFileSync(join(dataDir, 'secrets', 'postgres'), 'utf8').trim()
  return `postgres://broadsheet:${password}@127.0.0.1:${readPostmaster(clusterOf(dataDir))?.port}/broadsheet`
}

/** Resident memory in megabytes. */
export function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? Number.NaN) / 1024
}

const read = (path: string) => attempt(() => readFileSync(path, 'utf8'))

/** Undefined when it is gone, as what stands in /proc is at any moment. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

export const QUIET = { LOG_LEVEL: 'silent' }

/** Tells the server to stop and waits for its end, and for that of its PostgreSQL. */
export async function stopServer(server: ServerProcess, signal: NodeJS.Signals = 'SIGTERM') {
  const began = performance.now()
  server.kill(signal)
  const ended = await server.ended
  const ms = Math.round(performance.now() - began)
  await waitUntilStopped(server.dataDir)
  return { ...ended, ms }
}

export interface HttpAnswer {
  status: number
  closes: boolean
  body: string
}

/** One request; with `restAfter` the second half of the body comes only then, and `begun` hears when the server has the request in hand. */
export function sendRequest(
  url: string,
  path: string,
  how: { method?: string; token?: string; json?: unknown; restAfter?: Promise<void>; begun?: () => void; agent?: Agent } = {},
) {
  return new Promise<HttpAnswer>((resolve, reject) => {
    const body = how.json === undefined ? '' : JSON.stringify(how.json)
    const headers = {
      ...(body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
      ...(how.token ? { authorization: `Bearer ${how.token}` } : {}),
      ...(how.restAfter === undefined ? {} : { expect: '100-continue' }),
    }
    const sent = request(
      url + path,
      { method: how.method ?? 'GET', headers, agent: how.agent ?? false, signal: AbortSignal.timeout(3 * PATIENCE_MS) },
      answer => {
        let text = ''
        answer.setEncoding('utf8').on('data', piece => {
          text += piece
        })
        answer.on('error', reject)
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, closes: answer.headers.connection === 'close', body: text }))
      },
    )
    sent.on('error', reject)
    if (how.restAfter === undefined) return void sent.end(body)
    sent.on('continue', () => {
      sent.write(body.slice(0, body.length / 2))
      void how.restAfter?.then(() => sent.end(body.slice(body.length / 2)))
      how.begun?.()
    })
    sent.flushHeaders()
  })
}

export async function signIn(url: string, mobile: string): Promise<string> {
  const { status, body } = await sendRequest(url, '/app/v1_0/authorizations', { method: 'POST', json: { mobile, code: '246810' } })
  assert.equal(status, 201, body)
  return JSON.parse(body).data.token
}
