// A private Redis for a test file: started on a port of its own, killed, stopped and started again as the test likes.

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
import { PATIENCE_MS } from './waiting.ts'

const PROGRAM = (process.env.PATH ?? '')
  .split(delimiter)
  .map(folder => join(folder, 'redis-server'))
  .find(isProgram)

/** Why tests that need a Redis are skipped, or false: `test(name, { skip: NO_REDIS }, …)`. */
export const NO_REDIS: string | false = PROGRAM ? false : 'there is no redis-server on this machine'

export interface TestRedis {
  url: string
  port: number
  pid(): number
  /** As a crash does, or SIGSTOP and SIGCONT as a machine that hangs and comes back. */
  signal(signal: NodeJS.Signals): void
  /** Kills it, and waits until it is gone. */
  kill(): Promise<void>
  /** Starts it again, on the same port and folder. */
  start(...options: string[]): Promise<void>
  /** Sends a command on a connection that has nothing to do with ours. */
  send<T = unknown>(...command: string[]): Promise<T>
}

/** `options` as on redis-server's command line; it stops after the file's tests. */
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
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    async start(...more) {
      const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
      child = spawn(PROGRAM as string, [...own, ...options, ...more], { stdio: ['ignore', 'pipe', 'inherit'] })
      for await (const text of child.stdout as AsyncIterable<Buffer>) if (/eady to accept connections/.test(String(text))) break
      child.stdout?.on('error', () => {}).resume()
    },
    async send<T>(...command: string[]) {
      const password = options[options.indexOf('--requirepass') + 1]
      const client = createClient({ socket: { host: '127.0.0.1', port }, ...(options.includes('--requirepass') && { password }) })
      client.on('error', () => {})
      await client.connect()
      try {
        return (await client.sendCommand(command)) as T
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

/** A Sentinel, which redis-server is when it is told so. It watches `master` under that name, and decides alone. */
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
  for await (const text of child.stdout as AsyncIterable<Buffer>) if (/\+monitor master/.test(String(text))) break
  child.stdout?.on('error', () => {}).resume()
  cleanup(async () => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    await rm(folder, { recursive: true, force: true })
  })
  return { port }
}

/** A connection of ours, made and closed after the file's tests. */
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
