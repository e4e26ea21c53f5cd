import { Button, Group } from '@mantine/core'
import { Sheet } from '../../shared/frame/confirm.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { SetAside } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { When } from '../parts/when.tsx'
import { operationsWords as words } from './operations-words.ts'

export function SetAsideDialog({ consumer, onClose }: { consumer: string; onClose: () => void }) {
  const mayRetry = useCan()('consumer-list-put')
  const path = `admin/consumers/${encodeURIComponent(consumer)}/set-aside`
  const query = useData<SetAside[]>(path, { everyMs: 2_000 })
  const retry = useAction(
    (id: string) => callApi(`${path}/${id}/retry`, { method: 'POST', body: {} }),
    () => words.retryRequested,
  )
  return (
    <Sheet label={words.setAsideOf(consumer)} onClose={onClose}>
      <h2>{words.setAsideOf(consumer)}</h2>
      <Loaded query={query}>
        {changes => (
          <DataTable
            label={words.setAsideOf(consumer)}
            items={changes}
            keyOf={({ id }) => id}
            columns={[
              { name: words.change, isHead: true, cell: ({ change }) => <code className="statement">{JSON.stringify(change)}</code> },
              { name: words.reason, cell: ({ reason }) => reason },
              { name: words.attempts, cell: ({ attempts }) => attempts, isNumber: true },
              { name: words.since, cell: ({ since }) => <When at={since} /> },
              { name: words.nextTry, cell: ({ next_at }) => (next_at === null ? words.waitsForYou : <When at={next_at} isExact />) },
              mayRetry && {
                name: words.actions,
                cell: ({ id }) => (
                  <RowButton of={id} onClick={() => retry.mutate(id)}>
                    {words.retry_}
                  </RowButton>
                ),
              },
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
