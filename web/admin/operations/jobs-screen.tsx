// Jobs: when they run, how the last run ended, and "run now".

import { Badge, Button } from '@mantine/core'
import { useState } from 'react'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { Job } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
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
                        <Button variant="default" size="compact-sm" onClick={() => run.mutate(job)}>
                          {words.runNow}
                          <span className="unseen"> {job.name}</span>
                        </Button>
                        <Button variant="default" size="compact-sm" onClick={() => pause.mutate(job)}>
                          {job.paused ? words.resume : words.pause}
                          <span className="unseen"> {job.name}</span>
                        </Button>
                        <Button variant="default" size="compact-sm" onClick={() => setShown({ job, dialog: 'schedule' })}>
                          {words.changeSchedule}
                          <span className="unseen"> {job.name}</span>
                        </Button>
                      </>
                    )}
                    <Button variant="default" size="compact-sm" onClick={() => setShown({ job, dialog: 'history' })}>
                      {words.history}
                      <span className="unseen"> {job.name}</span>
                    </Button>
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
        {last_outcome && (
          <Badge className="status" variant="outline" color={COLOURS[last_outcome]}>
            {words.outcomes[last_outcome] ?? last_outcome}
          </Badge>
        )}
        {running > 0 && <Badge className="status" variant="outline" color="yellow" children={words.running} />}
        {waiting > 0 && <Badge className="status" variant="outline" color="gray" children={words.waiting} />}
        {paused && <Badge className="status" variant="outline" color="yellow" children={words.paused} />}
        {missed > 0 && <Badge className="status" variant="outline" color="gray" children={words.missed(missed)} />}
      </div>
      <p className="about">
        <When at={last_slot} />
      </p>
    </>
  )
}
