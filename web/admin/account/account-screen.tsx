import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAdministrator } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import { Form } from '../parts/form.tsx'
import { accountWords as words } from './account-words.ts'
import { SecondFactor } from './second-factor.tsx'

export function AccountScreen() {
  const { account, name } = useAdministrator()
  return (
    <>
      <div className="head">
        <h1>{words.screens.account}</h1>
        <p className="about">
          {account} · {name}
        </p>
      </div>
      <section>
        <h2>{words.changePassword}</h2>
        <PasswordForm />
      </section>
      <section>
        <h2>{words.twoSteps}</h2>
        <SecondFactor />
      </section>
    </>
  )
}

function PasswordForm() {
  const [fields, setFields] = useState({ old_password: '', password: '' })
  const change = useAction(
    () => callApi('mis/password', { method: 'PUT', body: fields }),
    () => words.passwordChanged,
  )
  return (
    <Form
      submit={words.changePassword}
      isBusy={change.isPending}
      onSubmit={() => change.mutate(undefined, { onSuccess: () => setFields({ old_password: '', password: '' }) })}
    >
      <TextInput
        label={words.oldPassword}
        type="password"
        autoComplete="current-password"
        required
        value={fields.old_password}
        onChange={event => setFields({ ...fields, old_password: event.currentTarget.value })}
      />
      <TextInput
        label={words.newPassword}
        description={words.passwordHint}
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        value={fields.password}
        onChange={event => setFields({ ...fields, password: event.currentTarget.value })}
      />
    </Form>
  )
}
