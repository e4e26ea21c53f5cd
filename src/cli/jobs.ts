// What the `jobs` commands do. They read and write rows only; a notification tells the running workers.

import { invalid } from '../base/problem.ts'
import type { Db } from '../engines/database/database.ts'
import { createJobControl } from '../engines/jobs/control.ts'
import { parseSchedule } from '../engines/jobs/schedule.ts'
import { toJobView, toRunView } from '../engines/jobs/views.ts'
import { table } from './table.ts'

export interface JobNeeds {
  db: Db
  zone: string
  signal?: AbortSignal
  stderr: Pick<NodeJS.WriteStream, 'write'>
}

export interface JobResult {
  result: object
  lines?: string
  exitCode: 0 | 1
}

const HISTORY = 50
/** If no worker has started the run after this time, the command says so. */
const START_WARNING_MS = 30_000

export async function listJobs({ db, zone }: JobNeeds): Promise<JobResult> {
  const jobs = (await createJobControl({ db, zone }).list()).map(toJobView)
  const next = (job: ReturnType<typeof toJobView>) => (job.removed ? 'removed' : job.paused ? 'paused' : (job.next_slot ?? '-'))
  const rows = jobs.map(job => [job.name, job.schedule, next(job), job.last_outcome ?? '-', job.about])
  return { result: { jobs }, lines: table(['job', 'schedule', 'next', 'last', ''], rows), exitCode: 0 }
}

export async function jobHistory({ db, zone }: JobNeeds, name: string): Promise<JobResult> {
  const runs = (await createJobControl({ db, zone }).listRuns(name, HISTORY)).map(run => toRunView(name, run))
  const rows = runs.map(run => [run.slot, run.outcome ?? run.state, String(run.attempt), run.message ?? JSON.stringify(run.report)])
  return { result: { job: name, runs }, lines: table(['slot', 'outcome', 'attempt', ''], rows), exitCode: 0 }
}

/** With `wait`, returns when the run is over; the exit code then says if it succeeded. Without it, returns at once. */
export async function runJob({ db, zone, signal, stderr }: JobNeeds, name: string, wait: boolean): Promise<JobResult> {
  const control = createJobControl({ db, zone })
  const slot = await control.requestRun(name)
  if (!wait) return { result: toRunView(name, await control.getRun(name, slot)), exitCode: 0 }
  let run = await control.waitForRun(name, slot, START_WARNING_MS, signal)
  if (run.state === 'waiting') stderr.write('no worker has started it yet: is a server running? is an earlier run still going?\n')
  // A run that has started ends, at the latest by its time-out.
  while (run.state === 'running' && !signal?.aborted) run = await control.waitForRun(name, slot, START_WARNING_MS, signal)
  if (run.message) stderr.write(`${run.message}\n`)
  return { result: toRunView(name, run), exitCode: run.outcome === 'done' ? 0 : 1 }
}

/** Null for `default`. Throws `invalid` for text that is not a schedule. */
export function parseScheduleOperand(text: string, zone: string): string | null {
  if (text === 'default') return null
  if (text === '') throw invalid('A schedule is needed, or "default" for the one in the code.')
  return parseSchedule(text, zone).text
}

export async function changeJob(
  { db, zone }: JobNeeds,
  name: string,
  patch: { paused?: boolean; schedule?: string | null },
): Promise<JobResult> {
  return { result: toJobView(await createJobControl({ db, zone }).change(name, patch)), exitCode: 0 }
}
