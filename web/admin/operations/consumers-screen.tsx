// What follows the logs: how far each consumer is, and the changes it has set aside.

import { Badge, Button } from '@mantine/core'
import { useState } from 'react'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { formatCount } from '../../shared/time.ts'
import { useData } from '../api/hooks.ts'
import type { Consumer } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
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
                    <Badge className="status" variant="outline" color={running ? 'green' : 'red'}>
                      {building ? words.building : running ? words.runs_ : words.stopped}
                    </Badge>
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
                    <Button variant="default" size="compact-sm" onClick={() => setShown(name)}>
                      {words.show}
                      <span className="unseen"> {name}</span>
                    </Button>
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
