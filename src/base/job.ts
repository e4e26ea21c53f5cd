// Work that is done by the clock, once among any number of processes, and leaves a record (engines/jobs). What has to
// go on many times a second, or in every process for itself, is a `Task` (task.ts) instead.

import type { Transaction } from 'kysely'
import type { Log } from './log.ts'

/** What happens to a slot that comes while an earlier run goes on. `queue`: it waits for its turn. */
export type Overlap = 'skip' | 'queue' | 'allow'

/** How many of the slots that came due while no worker was there are made up for: none, the newest, or the newest few. */
export type CatchUp = 'none' | 'latest' | { all: number }

export interface Job {
  name: string
  /** One line for people. */
  about: string
  /** `0 3 * * *` by the clock of TIMEZONE · `every 10m`, at multiples of that since 1970 · `at 2026-11-20T03:00:00Z`, once. */
  schedule: string
  /** Default: skip. */
  overlap?: Overlap
  /** Default: latest. */
  catchUp?: CatchUp
  /** Default: ten minutes. */
  timeoutMs?: number
  /** How often a run that failed is tried again, later each time. Default: never, for the next slot will do. */
  retries?: number
  /** The wait before the first retry; each later one is twice as long. Default: a second. */
  backoffMs?: number
  /** Returns a small report, which the history keeps. */
  run(context: JobContext): Promise<object | undefined | void>
}

// biome-ignore lint/suspicious/noExplicitAny: the tables are known to the engines, which stand above this file
type AnyTx = Transaction<any>

export interface JobContext {
  slot: Date
  /** 1 for the first; a run that is taken over or tried again begins anew. */
  attempt: number
  /** Higher for each later claim: for effects outside the database that can compare it. */
  fence: bigint
  /** Aborted when the run has lost its time or its claim, or the process is to end: stop soon, nothing later counts. */
  signal: AbortSignal
  log: Log
  /**
   * Does the job's effect and ends the run in one transaction: both happen, once, or neither. Throws when the claim is
   * lost, and then nothing has happened. What `effect` returns is the report.
   */
  commit<T extends object | undefined | void>(effect: (tx: AnyTx) => Promise<T>): Promise<T>
}
