import type { Role } from './role.ts'

/** What PostgreSQL notifies processes of: rows of a log, or a job that may be due. */
export const NOTIFY_TOPICS = ['change', 'behaviour', 'event', 'notice', 'job'] as const
export type NotifyTopic = (typeof NOTIFY_TOPICS)[number]

/**
 * Background work that runs many times a minute, or in every process: following a log, folding counters. It keeps no
 * history and cannot be paused. Work on a schedule is a `Job` (job.ts). roles/tasks.ts runs tasks.
 */
export interface Task {
  name: string
  /** Only processes with this role run it. */
  role: Role
  /** The pause between the end of one run and the start of the next. */
  intervalMs: number
  /** PostgreSQL notifications that start the next run at once. */
  notifications?: NotifyTopic[]
  /** The pause while no notification comes: only a lost one is noticed so late. Default: `intervalMs`. */
  idleIntervalMs?: number
  run(): Promise<void>
}

/**
 * How a task that follows a log polls. A notification may be lost; then what it told of is noticed after `idleIntervalMs`. At half a
 * second, the eight such tasks of an idle process were half of its transactions.
 */
export const FOLLOW_LOG = { intervalMs: 500, idleIntervalMs: 2_000 }
