// A group and what it may do: the tree of permissions with a box for each.

import { Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { changedFields } from '../../../src/base/changed-fields.ts'
import { Sheet } from '../../shared/frame/confirm.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { GroupTree } from '../api/types.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { administrationWords as words } from './administration-words.ts'
import { type Node, PermissionTree } from './permission-tree.tsx'

/** Any group has the whole tree; the first one is there for ever. */
const FIRST_GROUP = 1

/** Without an id it adds a group. */
export function GroupDialog({ id, onClose }: { id: number | undefined; onClose: () => void }) {
  const query = useData<GroupTree>(`mis/groups/${id ?? FIRST_GROUP}`)
  const loaded = query.data
  if (!loaded)
    return (
      <Sheet label={words.screens.groups} onClose={onClose}>
        <Loaded query={query}>{() => null}</Loaded>
      </Sheet>
    )
  return <Form group={loaded} isNew={id === undefined} onClose={onClose} />
}

function Form({ group, isNew, onClose }: { group: GroupTree; isNew: boolean; onClose: () => void }) {
  const can = useCan()
  // As it was when the dialog opened: what is loaded again meanwhile is another administrator's change.
  const [before] = useState(() => ({
    name: isNew ? '' : group.name,
    remark: isNew ? '' : group.remark,
    status: isNew ? 1 : group.status,
    permission_ids: isNew ? [] : checkedIds(group.permission_tree).toSorted(ascending),
  }))
  const [name, setName] = useState(before.name)
  const [remark, setRemark] = useState(before.remark)
  const [isEnabled, setEnabled] = useState(before.status === 1)
  const [checked, setChecked] = useState(() => new Set(before.permission_ids))
  const mayChange = isNew || can('group-put')
  const hasAll = !isNew && group.has_all
  const save = useAction(
    () => {
      const body = { name, remark, status: isEnabled ? (1 as const) : (0 as const), permission_ids: [...checked].toSorted(ascending) }
      return isNew
        ? callApi('mis/groups', { method: 'POST', body })
        : callApi(`mis/groups/${group.group_id}`, { method: 'PUT', body: changedFields(before, body).after })
    },
    () => (isNew ? words.added : words.saved),
  )
  return (
    <FormDialog
      title={isNew ? words.addGroup : words.editGroup(group.name)}
      submit={words.save}
      isBusy={save.isPending}
      onSubmit={() => (mayChange ? save.mutate(undefined, { onSuccess: onClose }) : onClose())}
      onClose={onClose}
    >
      <TextInput
        label={words.name}
        dir="auto"
        required
        autoFocus
        maxLength={20}
        disabled={!mayChange}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
      />
      <TextInput
        label={words.remark}
        dir="auto"
        maxLength={100}
        disabled={!mayChange}
        value={remark}
        onChange={event => setRemark(event.currentTarget.value)}
      />
      <Switch
        label={words.enabled}
        description={hasAll ? words.hasAll : undefined}
        disabled={!mayChange || hasAll}
        checked={isEnabled}
        onChange={event => setEnabled(event.currentTarget.checked)}
      />
      <PermissionTree tree={group.permission_tree} checked={checked} onChange={setChecked} isReadOnly={!mayChange || hasAll} />
    </FormDialog>
  )
}

const checkedIds = (nodes: Node[]): number[] =>
  nodes.flatMap(node => [...(node.checked ? [node.permission_id] : []), ...checkedIds(node.children)])

const ascending = (a: number, b: number) => a - b
