import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { Job } from '../api/types.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { operationsWords as words } from './operations-words.ts'

export function ScheduleDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const [schedule, setSchedule] = useState(job.schedule === job.own_schedule ? '' : job.schedule)
  const save = useAction(
    () => callApi(`admin/jobs/${job.name}`, { method: 'PATCH', body: { schedule: schedule.trim() || null } }),
    () => words.saved,
  )
  return (
    <FormDialog
      title={words.scheduleOf(job.name)}
      submit={words.save}
      isBusy={save.isPending}
      onSubmit={() => save.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="about">{words.ownSchedule(job.own_schedule)}</p>
      <TextInput
        label={words.schedule}
        description={words.scheduleHint}
        autoFocus
        value={schedule}
        onChange={event => setSchedule(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
