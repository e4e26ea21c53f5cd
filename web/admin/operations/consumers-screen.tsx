// What follows the logs: how far each consumer is, and the changes it has set aside.

import { useState } from 'react'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { formatCount } from '../../shared/time.ts'
import { useData } from '../api/hooks.ts'
import type { Consumer } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { formatNumber, operationsWords as words } from './operations-words.ts'
import { SetAsideDialog } from './set-aside-dialog.tsx'

export function ConsumersScreen() {
  const query = useData<Consumer[]>('admin/consumers', { everyMs: 5_000 })
  const [shown, setShown] = useState<string>()
  return (
    <>
      <div className="head">
        <h1>{words.screens.consumers}</h1>
      </div>
      <Loaded query={query}>
        {consumers => (
          <DataTable
            label={words.screens.consumers}
            items={consumers}
            keyOf={({ name }) => name}
            columns={[
              { name: words.consumer, isHead: true, cell: ({ name }) => name },
              { name: words.log, cell: ({ log }) => <code>{log}</code> },
              {
                name: words.state,
                cell: ({ running, building, seen_at }) => (
                  <>
                    <Status color={running ? 'green' : 'red'}>{building ? words.building : running ? words.runs_ : words.stopped}</Status>
                    <p className="about">
                      <When at={seen_at} />
                    </p>
                  </>
                ),
              },
              { name: words.behind, cell: ({ behind }) => formatCount(behind), isNumber: true },
              { name: words.lagSeconds, cell: ({ lag_seconds }) => formatNumber(lag_seconds), isNumber: true },
              { name: words.retrying, cell: ({ retrying }) => retrying, isNumber: true },
              { name: words.setAside, cell: ({ set_aside }) => set_aside, isNumber: true },
              {
                name: words.actions,
                cell: ({ name, retrying, set_aside }) =>
                  retrying + set_aside > 0 ? (
                    <RowButton of={name} onClick={() => setShown(name)}>
                      {words.show}
                    </RowButton>
                  ) : (
                    '–'
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {shown && <SetAsideDialog consumer={shown} onClose={() => setShown(undefined)} />}
    </>
  )
}
