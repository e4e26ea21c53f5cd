// The queries that took the most time.

import { Loaded } from '../../shared/frame/query-state.tsx'
import { formatCount } from '../../shared/time.ts'
import { useData } from '../api/hooks.ts'
import type { Queries } from '../api/types.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { formatNumber, operationsWords as words } from './operations-words.ts'
import { ThisProcess } from './this-process.tsx'

interface Times {
  calls: number
  total_ms: number
  mean_ms: number
  max_ms: number
}

const TIMES: Column<Times>[] = [
  { name: words.totalMs, cell: ({ total_ms }) => formatNumber(total_ms), isNumber: true },
  { name: words.meanMs, cell: ({ mean_ms }) => formatNumber(mean_ms), isNumber: true },
  { name: words.maxMs, cell: ({ max_ms }) => formatNumber(max_ms), isNumber: true },
  { name: words.count, cell: ({ calls }) => formatCount(calls), isNumber: true },
]

export function QueriesScreen() {
  const query = useData<Queries>('admin/queries')
  return (
    <>
      <div className="head">
        <h1>{words.screens.queries}</h1>
      </div>
      <Loaded query={query}>
        {({ process, own, server }) => (
          <>
            <section>
              <h2>{words.serverQueries}</h2>
              {server ? (
                <DataTable
                  label={words.serverQueries}
                  items={server}
                  keyOf={(_, index) => index} // PostgreSQL has one text for each user and each plan of it
                  columns={[
                    { name: words.query, isHead: true, cell: ({ text }) => <code className="statement">{text}</code> },
                    ...TIMES,
                    { name: words.rows, cell: ({ rows }) => formatCount(rows), isNumber: true },
                  ]}
                />
              ) : (
                <p>{words.noExtension}</p>
              )}
            </section>
            <section>
              <h2>{words.ownQueries}</h2>
              <ThisProcess process={process} />
              <p className="about">{words.ownQueriesHint}</p>
              <DataTable
                label={words.ownQueries}
                items={own}
                keyOf={({ name }) => name}
                columns={[{ name: words.query, isHead: true, cell: ({ name }) => <code className="statement">{name}</code> }, ...TIMES]}
              />
            </section>
          </>
        )}
      </Loaded>
    </>
  )
}
