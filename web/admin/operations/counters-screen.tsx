// Counts beside the rows they count: how far they lag, what drift was found, and one number explained.

import { Loaded } from '../../shared/frame/query-state.tsx'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { Counter, Reconciled } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { When } from '../parts/when.tsx'
import { DriftChart } from './drift-chart.tsx'
import { ExplainNumber } from './explain-number.tsx'
import { formatNumber, operationsWords as words } from './operations-words.ts'

export function CountersScreen() {
  const mayCompare = useCan()('counter-list-put')
  const query = useData<Counter[]>('admin/counters', { everyMs: 10_000 })
  const compare = useAction(
    (kind: string) => callApi<Reconciled>(`admin/counters/${kind}/rebuild`, { method: 'POST', body: {} }),
    ({ kind, checked, drift }) => words.compared(kind, checked, drift),
  )
  return (
    <>
      <div className="head">
        <h1>{words.screens.counters}</h1>
      </div>
      <Loaded query={query}>
        {counters => (
          <>
            <DriftChart kinds={counters.map(({ kind }) => kind)} />
            <ExplainNumber kinds={counters.map(({ kind }) => kind)} />
            <DataTable
              label={words.screens.counters}
              items={counters}
              keyOf={({ kind }) => kind}
              columns={[
                { name: words.kind, isHead: true, cell: ({ kind }) => kind },
                {
                  name: words.lag,
                  cell: ({ lag_seconds }) => (lag_seconds === null ? words.lagUnknown : words.seconds(formatNumber(lag_seconds))),
                  isNumber: true,
                },
                { name: words.lastDrift, cell: ({ last_drift }) => last_drift ?? '–', isNumber: true },
                { name: words.lastCompared, cell: ({ last_reconcile_at }) => <When at={last_reconcile_at} /> },
                mayCompare && {
                  name: words.actions,
                  cell: ({ kind }) => (
                    <RowButton of={kind} loading={compare.isPending && compare.variables === kind} onClick={() => compare.mutate(kind)}>
                      {words.compare}
                    </RowButton>
                  ),
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </>
  )
}
