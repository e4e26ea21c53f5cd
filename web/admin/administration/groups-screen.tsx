import { Button } from '@mantine/core'
import { useState } from 'react'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { Group } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { Status } from '../parts/status.tsx'
import { administrationWords as words } from './administration-words.ts'
import { GroupDialog } from './group-dialog.tsx'

export function GroupsScreen() {
  const can = useCan()
  const query = useAdminList<'groups', Group>('mis/groups')
  const [edited, setEdited] = useState<number | 'new'>()
  const [confirmation, confirm] = useConfirm()
  const remove = useAction(
    ({ group_id }: Group) => callApi(`mis/groups/${group_id}`, { method: 'DELETE' }),
    () => words.deleted,
  )
  return (
    <>
      <div className="head">
        <h1>{words.screens.groups}</h1>
        {can('group-list-post') && <Button onClick={() => setEdited('new')}>{words.addGroup}</Button>}
      </div>
      <ListPages query={query} name="groups">
        {(groups, isBusy) => (
          <DataTable
            label={words.screens.groups}
            items={groups}
            keyOf={({ group_id }) => group_id}
            isBusy={isBusy}
            columns={[
              { name: words.name, isHead: true, cell: ({ name }) => <span {...textAttributes(name)}>{name}</span> },
              { name: words.remark, cell: ({ remark }) => <span {...textAttributes(remark)}>{remark}</span> },
              {
                name: words.status,
                cell: ({ status }) => (
                  <Status color={status === 1 ? 'green' : 'gray'}>{status === 1 ? words.enabled : words.disabled}</Status>
                ),
              },
              can('group-get') && {
                name: words.actions,
                cell: group => (
                  <div className="actions">
                    <RowButton of={group.name} onClick={() => setEdited(group.group_id)}>
                      {words.permissions}
                    </RowButton>
                    {can('group-delete') && !whyItStays(group) && (
                      <RowButton of={group.name} onClick={() => confirm(words.deleteGroup(group.name), () => remove.mutate(group))}>
                        {words.delete}
                      </RowButton>
                    )}
                    {can('group-delete') && <span className="about">{whyItStays(group)}</span>}
                  </div>
                ),
              },
            ]}
          />
        )}
      </ListPages>
      {edited && <GroupDialog id={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {confirmation}
    </>
  )
}

/** Why the server would not delete it. */
function whyItStays({ has_all, administrators }: Group): string | undefined {
  if (has_all) return words.hasAll
  return administrators > 0 ? words.hasAdministrators(administrators) : undefined
}
