// A Redis of its own for a test file, which the tests may kill, pause, stop and start again.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createClient } from '@redis/client'
import { silentLog } from '../../src/base/log.ts'
import { openRedis } from '../../src/engines/redis/open-redis.ts'
import type { Redis } from '../../src/engines/redis/redis.ts'
import { cleanup } from './cleanup.ts'
import { PATIENCE_MS, within } from './waiting.ts'

const PROGRAM = (process.env.PATH ?? '')
  .split(delimiter)
  .map(folder => join(folder, 'redis-server'))
  .find(isProgram)

/** Why tests that need Redis are skipped, or false: `test(name, { skip: NO_REDIS }, …)`. */
export const NO_REDIS: string | false = PROGRAM ? false : 'redis-server is not installed'

/** Connections are copies of it: the first client of each configuration makes a method of every command. */
const template = createClient({ commandOptions: { timeout: 0 } })

export interface TestRedis {
  url: string
  port: number
  pid(): number
  /** For example SIGSTOP and SIGCONT, for a server that hangs and recovers. */
  signal(signal: NodeJS.Signals): void
  /** SIGKILL, and waits for the process to end. */
  kill(): Promise<void>
  /** Starts it again on the same port, with the same folder. */
  start(...options: string[]): Promise<void>
  /** Sends a command on a connection of its own, without the code under test. */
  send<T = unknown>(...command: string[]): Promise<T>
}

/** `options` are arguments of redis-server. The server is stopped after the tests of the file. */
export async function startRedis(...options: string[]): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined
  const redis: TestRedis = {
    port,
    url: `redis://127.0.0.1:${port}`,
    pid: () => child?.pid as number,
    signal: signal => void child?.kill(signal),
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    async start(...more) {
      const basic = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
      child = spawn(PROGRAM as string, [...basic, ...options, ...more], { stdio: ['ignore', 'pipe', 'inherit'] })
      await untilPrinted(child, /eady to accept connections/)
    },
    async send<T>(...command: string[]) {
      const password = options[options.indexOf('--requirepass') + 1]
      const client = template.duplicate({ socket: { host: '127.0.0.1', port }, ...(options.includes('--requirepass') && { password }) })
      client.on('error', () => {})
      try {
        const answer = client.connect().then(() => client.sendCommand(command))
        return (await within(answer, `redis answers ${command.join(' ')}`)) as T
      } finally {
        client.destroy()
      }
    },
  }
  await redis.start()
  cleanup(async () => {
    await redis.kill()
    await rm(folder, { recursive: true, force: true })
  })
  return redis
}

async function untilPrinted({ stdout, spawnargs }: ChildProcess, wanted: RegExp): Promise<void> {
  const reading = (async () => {
    for await (const text of stdout as AsyncIterable<Buffer>) if (wanted.test(String(text))) return
  })()
  await within(reading, `${spawnargs.join(' ')} prints ${wanted}`)
  stdout?.on('error', () => {}).resume()
}

/** A single Sentinel that watches `master` under that name and may decide on a failover alone. */
export async function startSentinel(name: string, master: TestRedis): Promise<{ port: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-sentinel-'))
  const port = await freePort()
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${name} 127.0.0.1 ${master.port} 1`,
    `sentinel down-after-milliseconds ${name} 500`,
    `sentinel failover-timeout ${name} 5000`,
  ]
  await writeFile(join(folder, 'sentinel.conf'), lines.join('\n'))
  const child = spawn(PROGRAM as string, [join(folder, 'sentinel.conf'), '--sentinel'], { stdio: ['ignore', 'pipe', 'inherit'] })
  await untilPrinted(child, /\+monitor master/)
  cleanup(async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  })
  return { port }
}

/** Opens the product's client. It is closed after the tests of the file. */
export async function connectRedis(url: string): Promise<Redis> {
  const redis = openRedis({ url, name: 'test', log: silentLog })
  cleanup(() => redis.close())
  await redis.connected(PATIENCE_MS)
  return redis
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
