// A second factor begins with the password and counts once a code has confirmed it. Then come the recovery codes.

import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { Enrolment, NewRecoveryCodes } from '../api/types.ts'
import { Form } from '../parts/form.tsx'
import { accountWords as words } from './account-words.ts'

export function SecondFactorSetUp({ onConfirmed }: { onConfirmed: (codes: string[]) => void }) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [enrolment, setEnrolment] = useState<Enrolment>()
  const begin = useAction(() => callApi<Enrolment>('admin/second-factor', { method: 'POST', body: { password } }))
  const confirm = useMutation({
    mutationFn: () => callApi<NewRecoveryCodes>('admin/second-factor/confirmation', { method: 'POST', body: { code: code.trim() } }),
    onSuccess: ({ recovery_codes }) => onConfirmed(recovery_codes),
    onError: err => showNotice(err.message),
  })
  if (!enrolment)
    return (
      <Form submit={words.setUp} isBusy={begin.isPending} onSubmit={() => begin.mutate(undefined, { onSuccess: setEnrolment })}>
        <TextInput
          label={words.password}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
        />
      </Form>
    )
  return (
    <Form submit={words.confirm} isBusy={confirm.isPending} onSubmit={() => confirm.mutate()}>
      <p>{words.secretHint}</p>
      <p>
        {words.secret}: <code className="secret">{enrolment.secret}</code>
      </p>
      <p>
        <a href={enrolment.uri}>{words.openInApp}</a>
      </p>
      <TextInput
        label={words.codeLabel}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        autoFocus
        value={code}
        onChange={event => setCode(event.currentTarget.value)}
      />
    </Form>
  )
}

export const RecoveryCodes = ({ codes, onDone }: { codes: string[]; onDone: () => void }) => (
  <section aria-label={words.recovery}>
    <h3>{words.recovery}</h3>
    <p>{words.recoveryHint}</p>
    <ul className="codes">
      {codes.map(code => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ul>
    <Button onClick={onDone}>{words.done}</Button>
  </section>
)
