import { Button, Group } from '@mantine/core'
import { Sheet } from '../../shared/frame/confirm.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useData } from '../api/hooks.ts'
import type { Job, Run } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { When } from '../parts/when.tsx'
import { formatNumber, operationsWords as words } from './operations-words.ts'

const RUNS_SHOWN = 20
const EVERY_MS = 2_000

export function JobHistory({ job, onClose }: { job: Job; onClose: () => void }) {
  const query = useData<Run[]>(`admin/jobs/${job.name}/runs?limit=${RUNS_SHOWN}`, { everyMs: EVERY_MS })
  return (
    <Sheet label={words.historyOf(job.name)} onClose={onClose}>
      <h2>{words.historyOf(job.name)}</h2>
      <Loaded query={query}>
        {runs => (
          <DataTable
            label={words.historyOf(job.name)}
            items={runs}
            keyOf={({ slot }) => slot}
            columns={[
              {
                name: words.started,
                isHead: true,
                cell: ({ started_at, slot, asked }) => (
                  <>
                    <When at={started_at ?? slot} isExact />
                    {asked && <p className="about">{words.asked}</p>}
                  </>
                ),
              },
              { name: words.took, cell: run => tookSeconds(run), isNumber: true },
              {
                name: words.state,
                cell: ({ outcome, state }) =>
                  outcome ? (words.outcomes[outcome] ?? outcome) : state === 'running' ? words.running : words.waiting,
              },
              { name: words.message, cell: ({ message, report }) => message ?? (report ? JSON.stringify(report) : '–') },
            ]}
          />
        )}
      </Loaded>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {words.close}
        </Button>
      </Group>
    </Sheet>
  )
}

function tookSeconds({ started_at, ended_at }: Run): string {
  if (!started_at || !ended_at) return '–'
  return words.seconds(formatNumber((Date.parse(ended_at) - Date.parse(started_at)) / 1_000))
}
