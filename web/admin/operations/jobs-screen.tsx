// Jobs: when they run, how the last run ended, and "run now".

import { useState } from 'react'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { Job } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { JobHistory } from './job-history.tsx'
import { operationsWords as words } from './operations-words.ts'
import { ScheduleDialog } from './schedule-dialog.tsx'

const EVERY_MS = 5_000 // a run that was asked for takes seconds

export function JobsScreen() {
  const mayChange = useCan()('job-list-put')
  const query = useData<Job[]>('admin/jobs', { everyMs: EVERY_MS })
  const [shown, setShown] = useState<{ job: Job; dialog: 'history' | 'schedule' }>()
  const run = useAction(
    ({ name }: Job) => callApi(`admin/jobs/${name}/runs`, { method: 'POST', body: {} }),
    () => words.requested,
  )
  const pause = useAction(
    ({ name, paused }: Job) => callApi(`admin/jobs/${name}`, { method: 'PATCH', body: { paused: !paused } }),
    () => words.saved,
  )
  const close = () => setShown(undefined)
  return (
    <>
      <div className="head">
        <h1>{words.screens.jobs}</h1>
      </div>
      <Loaded query={query}>
        {jobs => (
          <DataTable
            label={words.screens.jobs}
            items={jobs.filter(({ removed }) => !removed)}
            keyOf={({ name }) => name}
            columns={[
              {
                name: words.job,
                isHead: true,
                cell: ({ name, about }) => (
                  <>
                    {name}
                    <p className="about">{about}</p>
                  </>
                ),
              },
              { name: words.schedule, cell: ({ schedule }) => <code>{schedule}</code> },
              { name: words.nextRun, cell: job => (job.paused ? '–' : <When at={job.next_slot} isExact />) },
              { name: words.lastRun, cell: job => <LastRun job={job} /> },
              {
                name: words.actions,
                cell: job => (
                  <div className="actions">
                    {mayChange && (
                      <>
                        <RowButton of={job.name} onClick={() => run.mutate(job)}>
                          {words.runNow}
                        </RowButton>
                        <RowButton of={job.name} onClick={() => pause.mutate(job)}>
                          {job.paused ? words.resume : words.pause}
                        </RowButton>
                        <RowButton of={job.name} onClick={() => setShown({ job, dialog: 'schedule' })}>
                          {words.changeSchedule}
                        </RowButton>
                      </>
                    )}
                    <RowButton of={job.name} onClick={() => setShown({ job, dialog: 'history' })}>
                      {words.history}
                    </RowButton>
                  </div>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {shown?.dialog === 'history' && <JobHistory job={shown.job} onClose={close} />}
      {shown?.dialog === 'schedule' && <ScheduleDialog job={shown.job} onClose={close} />}
    </>
  )
}

const COLOURS: Record<string, string> = { done: 'green', failed: 'red', timed_out: 'red', skipped: 'gray' }

function LastRun({ job: { last_outcome, last_slot, running, waiting, paused, missed } }: { job: Job }) {
  return (
    <>
      <div className="badges">
        {last_outcome && <Status color={COLOURS[last_outcome]}>{words.outcomes[last_outcome] ?? last_outcome}</Status>}
        {running > 0 && <Status color="yellow">{words.running}</Status>}
        {waiting > 0 && <Status color="gray">{words.waiting}</Status>}
        {paused && <Status color="yellow">{words.paused}</Status>}
        {missed > 0 && <Status color="gray">{words.missed(missed)}</Status>}
      </div>
      <p className="about">
        <When at={last_slot} />
      </p>
    </>
  )
}
