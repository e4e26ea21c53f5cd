// Readers who apply to be verified as authors.

import { useState } from 'react'
import { useFilters } from '../../shared/frame/use-filters.ts'
import { textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import type { Legalize } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { ChoiceFilter, Filters } from '../parts/filters.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { ApplicationDialog } from './application-dialog.tsx'
import { readerWords as words } from './readers-words.ts'

const WAITING = '1'
const NAMES: Record<number, string> = { 1: words.waits, 2: words.approved, 3: words.rejected }
const COLOURS: Record<number, string> = { 1: 'yellow', 2: 'green', 3: 'red' }

export function ApplicationsScreen() {
  const can = useCan()
  const [search] = useFilters()
  const status = search.get('status') ?? WAITING
  const query = useAdminList<'legalizes', Legalize>('mis/legalizes', { status })
  const [opened, setOpened] = useState<Legalize>()
  return (
    <>
      <div className="head">
        <h1>{words.screens.applications}</h1>
      </div>
      <Filters>
        <ChoiceFilter
          name="status"
          label={words.status}
          data={Object.entries(NAMES).map(([value, label]) => ({ value, label }))}
          initial={WAITING}
        />
      </Filters>
      <ListPages query={query} name="legalizes">
        {(legalizes, isBusy) => (
          <DataTable
            label={words.screens.applications}
            items={legalizes}
            keyOf={({ legalize_id }) => legalize_id}
            isBusy={isBusy}
            columns={[
              { name: words.name, isHead: true, cell: ({ name }) => <span {...textAttributes(name)}>{name}</span> },
              { name: words.applied, cell: ({ create_time }) => <When at={create_time} /> },
              {
                name: words.status,
                cell: item => (
                  <>
                    <Status color={COLOURS[item.status]}>{NAMES[item.status]}</Status>
                    {item.reject_reason && <p className="about">{item.reject_reason}</p>}
                  </>
                ),
              },
              can('legalize-get') && {
                name: words.actions,
                cell: item => (
                  <RowButton of={item.name} onClick={() => setOpened(item)}>
                    {words.open}
                  </RowButton>
                ),
              },
            ]}
          />
        )}
      </ListPages>
      {opened && <ApplicationDialog id={opened.legalize_id} onClose={() => setOpened(undefined)} />}
    </>
  )
}
