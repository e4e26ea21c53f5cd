import { Button } from '@mantine/core'
import { useState } from 'react'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { Administrator, AdminList, Group } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { ChoiceFilter, Filters, TextFilter } from '../parts/filters.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { administrationWords as words } from './administration-words.ts'
import { AdministratorDialog } from './administrator-dialog.tsx'

export function AdministratorsScreen() {
  const can = useCan()
  const query = useAdminList<'administrators', Administrator>('mis/administrators')
  const groups = useData<AdminList<'groups', Group>>('mis/groups?per_page=50', { enabled: can('group-list-get') })
  const [edited, setEdited] = useState<Administrator | 'new'>()
  const [confirmation, confirm] = useConfirm()
  const remove = useAction(
    ({ administrator_id }: Administrator) => callApi(`mis/administrators/${administrator_id}`, { method: 'DELETE' }),
    () => words.deleted,
  )
  return (
    <>
      <div className="head">
        <h1>{words.screens.administrators}</h1>
        {can('administrator-list-post') && <Button onClick={() => setEdited('new')}>{words.addAdministrator}</Button>}
      </div>
      <Filters>
        <TextFilter name="keyword" label={words.keyword} />
        <ChoiceFilter
          name="status"
          label={words.status}
          data={[
            { value: '', label: words.all },
            { value: '1', label: words.active },
            { value: '0', label: words.frozen },
          ]}
        />
      </Filters>
      <ListPages query={query} name="administrators">
        {(administrators, isBusy) => (
          <DataTable
            label={words.screens.administrators}
            items={administrators}
            keyOf={({ administrator_id }) => administrator_id}
            isBusy={isBusy}
            columns={[
              { name: words.account, isHead: true, cell: ({ account }) => account },
              { name: words.name, cell: ({ name }) => <span {...textAttributes(name)}>{name}</span> },
              { name: words.group, cell: ({ group_name }) => group_name },
              { name: words.lastLogin, cell: ({ last_login }) => <When at={last_login} /> },
              {
                name: words.status,
                cell: ({ status }) => <Status color={status === 1 ? 'green' : 'red'}>{status === 1 ? words.active : words.frozen}</Status>,
              },
              (can('administrator-put') || can('administrator-delete')) && {
                name: words.actions,
                cell: administrator => (
                  <div className="actions">
                    {can('administrator-put') && (
                      <RowButton of={administrator.account} onClick={() => setEdited(administrator)}>
                        {words.edit}
                      </RowButton>
                    )}
                    {can('administrator-delete') && !administrator.is_last && (
                      <RowButton
                        of={administrator.account}
                        onClick={() => confirm(words.deleteAdministrator(administrator.account), () => remove.mutate(administrator))}
                      >
                        {words.delete}
                      </RowButton>
                    )}
                    {administrator.is_last && <span className="about">{words.isLast}</span>}
                  </div>
                ),
              },
            ]}
          />
        )}
      </ListPages>
      {edited && (
        <AdministratorDialog
          administrator={edited === 'new' ? undefined : edited}
          groups={groups.data?.groups ?? []}
          onClose={() => setEdited(undefined)}
        />
      )}
      {confirmation}
    </>
  )
}
