// `jobs list|run|pause|resume|reschedule|history`; jobs.ts does the work.

import { type Command, type CommandResult, type Invocation, UsageError, withInfrastructure } from './command.ts'
import { changeJob, type JobNeeds, type JobResult, jobHistory, listJobs, parseScheduleOperand, runJob } from './jobs.ts'

export const JOB_COMMANDS: Command[] = [
  {
    words: ['jobs', 'list'],
    operands: [],
    about: 'every job: its schedule, its next run and how the last one ended',
    run: call => withJobs(call, listJobs),
  },
  {
    words: ['jobs', 'run'],
    operands: ['NAME'],
    flags: ['[--wait]'],
    about: 'start a run now',
    run: call => withJobs(call, jobs => runJob(jobs, call.operands[0] as string, call.options.wait ?? false)),
  },
  {
    words: ['jobs', 'pause'],
    operands: ['NAME'],
    about: 'start no more runs of a job',
    run: call => withJobs(call, jobs => changeJob(jobs, call.operands[0] as string, { paused: true })),
  },
  {
    words: ['jobs', 'resume'],
    operands: ['NAME'],
    about: 'start its runs again, from the next slot',
    run: call => withJobs(call, jobs => changeJob(jobs, call.operands[0] as string, { paused: false })),
  },
  {
    words: ['jobs', 'reschedule'],
    operands: ['NAME', 'CRON'],
    about: 'give a job another schedule: "0 3 * * *", "every 10m", "at 2026-11-20T03:00:00Z", or default',
    async run(call) {
      const [name, text] = call.operands as [string, string]
      const schedule = parseSchedule(text, call.config.timezone)
      return withJobs(call, jobs => changeJob(jobs, name, { schedule }))
    },
  },
  {
    words: ['jobs', 'history'],
    operands: ['NAME'],
    about: 'the latest runs of a job',
    run: call => withJobs(call, jobs => jobHistory(jobs, call.operands[0] as string)),
  },
]

function withJobs(call: Invocation, work: (jobs: JobNeeds) => Promise<JobResult>): Promise<CommandResult> {
  return withInfrastructure(call, ({ config, database }) =>
    work({ db: database.db, zone: config.timezone, signal: call.signal, stderr: call.stderr }),
  )
}

function parseSchedule(text: string, zone: string): string | null {
  try {
    return parseScheduleOperand(text, zone)
  } catch (err) {
    throw new UsageError((err as Error).message)
  }
}
