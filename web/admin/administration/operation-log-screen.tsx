// Who did what, with the changed fields before and after.

import { textAttributes } from '../../shared/language.ts'
import type { LoggedOperation } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { DateFilter, Filters, TextFilter } from '../parts/filters.tsx'
import { When } from '../parts/when.tsx'
import { administrationWords as words } from './administration-words.ts'

export function OperationLogScreen() {
  const query = useAdminList<'operationlogs', LoggedOperation>('mis/operationlogs', { order_by: '-id' })
  return (
    <>
      <div className="head">
        <h1>{words.screens.log}</h1>
        <p className="about">{words.readingIsLogged}</p>
      </div>
      <Filters>
        <TextFilter name="keyword" label={words.keyword} />
        <DateFilter name="begin" label={words.from} />
        <DateFilter name="end" label={words.until} />
      </Filters>
      <ListPages query={query} name="operationlogs">
        {(operations, isBusy) => (
          <DataTable
            label={words.screens.log}
            items={operations}
            keyOf={({ operation_log_id }) => operation_log_id}
            isBusy={isBusy}
            columns={[
              { name: words.time, cell: ({ ctime }) => <When at={ctime} isExact /> },
              {
                name: words.who,
                isHead: true,
                cell: ({ administrator_id, administrator_name, ip }) => (
                  <>
                    {administrator_id === null ? words.commandLine : administrator_name}
                    {ip && <p className="about">{ip}</p>}
                  </>
                ),
              },
              { name: words.what, cell: ({ operation }) => operation },
              { name: words.subject, cell: ({ description }) => <span {...textAttributes(description)}>{description}</span> },
              { name: words.details, cell: operation => <Changes operation={operation} /> },
            ]}
          />
        )}
      </ListPages>
    </>
  )
}

function Changes({ operation: { before, after } }: { operation: LoggedOperation }) {
  const [was, is] = [(before ?? {}) as Record<string, unknown>, (after ?? {}) as Record<string, unknown>]
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  if (fields.length === 0) return '–'
  return (
    <dl className="changes">
      {fields.map(field => (
        <div key={field}>
          <dt>{field}</dt>
          {field in was && (
            <dd>
              <span className="unseen">{words.before}: </span>
              <del>{toText(was[field])}</del>
            </dd>
          )}
          {field in is && (
            <dd>
              <span className="unseen">{words.after}: </span>
              <ins>{toText(is[field])}</ins>
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}

const TEXT_MAX = 200 // of a value; a whole list of words does not help here

function toText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text
}
