import { NativeSelect, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { changedFields } from '../../../src/base/changed-fields.ts'
import { useAdministrator } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { Administrator, Group } from '../api/types.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { administrationWords as words } from './administration-words.ts'

interface Props {
  /** Without one it adds one. */
  administrator: Administrator | undefined
  groups: Group[]
  onClose: () => void
}

export function AdministratorDialog({ administrator, groups, onClose }: Props) {
  const { id: ownId } = useAdministrator()
  const isOwn = administrator?.administrator_id === ownId
  const isLast = administrator?.is_last ?? false
  const [before] = useState({
    account: administrator?.account ?? '',
    name: administrator?.name ?? '',
    group_id: String(administrator?.group_id ?? groups.at(-1)?.group_id ?? ''),
    email: administrator?.email ?? '',
    mobile: administrator?.mobile ?? '',
    status: administrator?.status ?? 1,
    password: '',
    current_password: '',
  })
  const [fields, setFields] = useState(before)
  const set = (change: Partial<typeof fields>) => setFields({ ...fields, ...change })
  const save = useAction(
    () => {
      const { account, name, password, group_id } = fields
      if (!administrator)
        return callApi('mis/administrators', { method: 'POST', body: { account, name, password, group_id: Number(group_id) } })
      const { group_id: group, ...changed } = changedFields(before, fields).after
      return callApi(`mis/administrators/${administrator.administrator_id}`, {
        method: 'PUT',
        body: { ...changed, ...(group === undefined ? {} : { group_id: Number(group) }) },
      })
    },
    () => (administrator ? words.saved : words.added),
  )
  return (
    <FormDialog
      title={administrator ? words.editAdministrator(administrator.account) : words.addAdministrator}
      submit={words.save}
      isBusy={save.isPending}
      onSubmit={() => save.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label={words.account}
        required
        autoFocus
        autoComplete="off"
        value={fields.account}
        onChange={event => set({ account: event.currentTarget.value })}
      />
      <TextInput label={words.name} dir="auto" required value={fields.name} onChange={event => set({ name: event.currentTarget.value })} />
      <NativeSelect
        label={words.group}
        required
        disabled={isLast}
        description={isLast ? words.isLast : undefined}
        value={fields.group_id}
        data={groups.map(({ group_id, name }) => ({ value: String(group_id), label: name }))}
        onChange={event => set({ group_id: event.currentTarget.value })}
      />
      <TextInput
        label={administrator ? words.newPassword : words.password}
        type="password"
        autoComplete="new-password"
        required={!administrator}
        value={fields.password}
        onChange={event => set({ password: event.currentTarget.value })}
      />
      {isOwn && (
        <TextInput
          label={words.currentPassword}
          type="password"
          autoComplete="current-password"
          value={fields.current_password}
          onChange={event => set({ current_password: event.currentTarget.value })}
        />
      )}
      {administrator && (
        <>
          <TextInput label={words.email} type="email" value={fields.email} onChange={event => set({ email: event.currentTarget.value })} />
          <TextInput
            label={words.mobile}
            inputMode="numeric"
            value={fields.mobile}
            onChange={event => set({ mobile: event.currentTarget.value })}
          />
          <Switch
            label={words.maySignIn}
            disabled={isLast}
            checked={fields.status === 1}
            onChange={event => set({ status: event.currentTarget.checked ? 1 : 0 })}
          />
        </>
      )}
    </FormDialog>
  )
}
