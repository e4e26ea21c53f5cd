// Redis, which is optional. It holds only what can be rebuilt from PostgreSQL. A command is sent once; if its answer is lost,
// it fails, and may have been executed or not, so every command of ours must be repeatable. While Redis is down commands fail
// at once, and those in flight after a short time-out.

import type { Script } from './script.ts'

export { RedisUnavailable } from './redis-unavailable.ts'
export { defineScript, type Script } from './script.ts'

/** Begins every key of ours: a Redis may have other tenants. */
export const KEY_PREFIX = 'bs:'

/** A time-out for background work, which can wait for a busy machine. */
export const BACKGROUND_TIMEOUT_MS = 2_000

export type Command = (string | Buffer)[]

/** The keys and arguments of one execution of a script. */
export interface Call {
  keys: string[]
  args: (string | Buffer)[]
}

export interface Redis {
  /** Throws RedisUnavailable, or the error that Redis answered. */
  send<T = unknown>(command: Command, timeoutMs?: number): Promise<T>
  /** Sends the commands in one write. An error that Redis answers is that command's outcome. Throws RedisUnavailable for all. */
  pipeline<T = unknown>(commands: Command[], timeoutMs?: number): Promise<(T | Error)[]>
  /** `send` for a script. */
  run<T = unknown>(script: Script, call: Call, timeoutMs?: number): Promise<T>
  /** `pipeline` for many calls of a script. */
  runAll<T = unknown>(script: Script, calls: Call[], timeoutMs?: number): Promise<(T | Error)[]>
  /** Calls `onMissed` after each (re)connect, when messages may have been missed. Returns a function that unsubscribes. */
  subscribe(channel: string, onMessage: (message: string) => void, onMissed: () => void): () => void
  /** Whether there is a connection. The server may hang all the same. */
  isReady(): boolean
  /** Redis's run id, undefined while there is no connection. A new one means that writes may have been lost: a restart or failover. */
  instance(): string | undefined
  /** Resolves as soon as there is a connection, at the latest after `waitMs`. */
  connected(waitMs: number): Promise<void>
  close(): Promise<void>
}
