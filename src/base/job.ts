// A job: work on a schedule, done once across all workers and recorded in a history (engines/jobs). Work that must run many
// times a minute, or in every process, is a `Task` (task.ts).

import type { Transaction } from 'kysely'
import type { Log } from './log.ts'

/** What happens to a slot that is due while an earlier run is still going. */
export type Overlap = 'skip' | 'queue' | 'allow'

/** Which of the slots that fell due while no worker was running are run later: none, the latest, or the latest `all`. */
export type CatchUp = 'none' | 'latest' | { all: number }

export interface Job {
  name: string
  /** One line for operators. */
  about: string
  /** `0 3 * * *` in TIMEZONE · `every 10m`, at multiples of 10 minutes since 1970 · `at 2026-11-20T03:00:00Z`, once. */
  schedule: string
  /** Default: skip. */
  overlap?: Overlap
  /** Default: latest. */
  catchUp?: CatchUp
  /** Default: ten minutes. */
  timeoutMs?: number
  /** How often a failed run is tried again. Default: never, the next slot is soon enough. */
  retries?: number
  /** The wait before the first retry; it doubles with each retry. Default: a second. */
  backoffMs?: number
  /** Returns a small report for the history. */
  run(context: JobContext): Promise<object | undefined | void>
}

// biome-ignore lint/suspicious/noExplicitAny: the table types are in engines/, which base cannot import
type AnyTx = Transaction<any>

export interface JobContext {
  slot: Date
  /** From 1. It grows when the run is retried or taken over by another worker. */
  attempt: number
  /** A fencing token, larger for each later attempt. Effects outside the database can compare it. */
  fence: bigint
  /** Aborted when the run timed out, lost its lease, or the process is stopping. Later effects of the run are refused. */
  signal: AbortSignal
  log: Log
  /**
   * Runs `effect` and ends the run in one transaction: both happen, once, or neither does. Throws if the lease is lost;
   * then neither has happened. The return value of `effect` is the report.
   */
  commit<T extends object | undefined | void>(effect: (tx: AnyTx) => Promise<T>): Promise<T>
}
