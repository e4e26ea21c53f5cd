// Redis, where one is set: hints only, every one of them rebuilt from PostgreSQL. Commands are sent once: one whose
// answer is lost fails, and whether it was done is not known, so each of ours may be repeated. Nothing waits for a
// Redis that is away: commands fail at once, and those under way within a bounded time.

import type { Script } from './script.ts'

export { RedisUnavailable } from './redis-unavailable.ts'
export { defineScript, type Script } from './script.ts'

/** Before every key of ours: a Redis may have other tenants. */
export const KEY_PREFIX = 'bs:'

export type Command = (string | Buffer)[]
export interface Call {
  keys: string[]
  args: (string | Buffer)[]
}

export interface Redis {
  send<T = unknown>(command: Command, ms?: number): Promise<T>
  /** Several in one write. Each has its own outcome: an error Redis answers stands in its place. Throws RedisAway for all. */
  pipeline<T = unknown>(commands: Command[], ms?: number): Promise<(T | Error)[]>
  run<T = unknown>(script: Script, call: Call, ms?: number): Promise<T>
  runAll<T = unknown>(script: Script, calls: Call[], ms?: number): Promise<(T | Error)[]>
  /** Calls `hear` for each message, and `back` whenever messages may have been missed. */
  subscribe(channel: string, hear: (message: string) => void, back: () => void): () => void
  /** Whether there is a connection; it may still hang. */
  isReady(): boolean
  /** Another one after a restart or a change of masters, by which writes may have been lost. Undefined while away. */
  instance(): string | undefined
  /** Resolves once there is a connection, or after the time given. */
  connected(forMs: number): Promise<void>
  close(): Promise<void>
}

/** For what nobody waits for: a busy machine may take its time. */
export const BACKGROUND_TIMEOUT_MS = 2_000
