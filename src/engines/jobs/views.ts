// Jobs and runs as the admin API and the CLI show them. Field names are part of the wire contract.

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
    next_slot: isoTime(row.next_slot),
    last_slot: isoTime(row.last_slot),
    last_outcome,
    last_success_at: isoTime(row.last_success_at),
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
    started_at: isoTime(row.started_at),
    ended_at: isoTime(row.ended_at),
    message,
    report: report ?? null,
  }
}

const isoTime = (at: Date | null) => at?.toISOString() ?? null
