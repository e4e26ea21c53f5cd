// Readers: find, freeze, unfreeze.

import { useConfirm } from '../../shared/frame/confirm.tsx'
import { isolate, textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { User } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { ChoiceFilter, DateFilter, Filters, TextFilter } from '../parts/filters.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { readerWords as words } from './readers-words.ts'

export function ReadersScreen() {
  const can = useCan()
  const query = useAdminList<'users', User>('mis/users', { order_by: '-id' })
  const [confirmation, confirm] = useConfirm()
  const setStatus = useAction(
    async ({ user, status }: { user: User; status: 0 | 1 }) => {
      await callApi('mis/users', { method: 'PUT', body: { user_ids: [user.user_id], status } })
      return status
    },
    status => (status === 0 ? words.froze : words.unfroze),
  )
  const ask = (user: User) => {
    const isFrozen = user.status === 0
    const text = isFrozen ? words.unfreezeReader(isolate(user.name)) : words.freezeReader(isolate(user.name))
    confirm(text, () => setStatus.mutate({ user, status: isFrozen ? 1 : 0 }), isFrozen ? words.unfreeze : words.freeze)
  }
  return (
    <>
      <div className="head">
        <h1>{words.screens.readers}</h1>
      </div>
      <Filters>
        <TextFilter name="keyword" label={words.find} />
        <ChoiceFilter
          name="status"
          label={words.status}
          data={[
            { value: '', label: words.all },
            { value: '1', label: words.active },
            { value: '0', label: words.frozen },
          ]}
        />
        <DateFilter name="begin" label={words.since} />
      </Filters>
      <ListPages query={query} name="users">
        {(users, isBusy) => (
          <DataTable
            label={words.screens.readers}
            items={users}
            keyOf={({ user_id }) => user_id}
            isBusy={isBusy}
            columns={[
              {
                name: words.name,
                isHead: true,
                cell: ({ user_id, name }) => (
                  <a href={`/author/${user_id}`} target="_blank" rel="noreferrer" {...textAttributes(name)}>
                    {name}
                  </a>
                ),
              },
              { name: words.mobile, cell: ({ mobile }) => mobile ?? '–' },
              { name: words.lastLogin, cell: ({ last_login }) => <When at={last_login} /> },
              {
                name: words.status,
                cell: ({ status, is_media, is_verified }) => (
                  <div className="badges">
                    <Status color={status === 1 ? 'green' : 'red'}>{status === 1 ? words.active : words.frozen}</Status>
                    {(is_media === 1 || is_verified === 1) && <Status color="gray">{words.verified}</Status>}
                  </div>
                ),
              },
              can('userlist-put') && {
                name: words.actions,
                cell: user => (
                  <RowButton of={user.name} onClick={() => ask(user)}>
                    {user.status === 0 ? words.unfreeze : words.freeze}
                  </RowButton>
                ),
              },
            ]}
          />
        )}
      </ListPages>
      {confirmation}
    </>
  )
}
