// Jobs and runs as the admin API and the command line show them.

import type { JobRow, RunRow } from './control.sql.ts'

export function toJobView(row: JobRow) {
  const { name, about, overlap, catch_up, paused, removed, waiting, running, missed, last_outcome } = row
  return {
    name,
    about,
    schedule: row.schedule ?? row.declared,
    own_schedule: row.declared,
    overlap,
    catch_up,
    paused,
    removed,
    next_slot: written(row.next_slot),
    last_slot: written(row.last_slot),
    last_outcome,
    last_success_at: written(row.last_success_at),
    waiting,
    running,
    missed,
  }
}

export function toRunView(job: string, row: RunRow) {
  const { asked, state, outcome, attempt, message, report } = row
  return {
    job,
    slot: row.slot.toISOString(),
    asked,
    state,
    outcome,
    attempt,
    fence: row.fence?.toString() ?? null,
    started_at: written(row.started_at),
    ended_at: written(row.ended_at),
    message,
    report: report ?? null,
  }
}

const written = (at: Date | null) => at?.toISOString() ?? null
