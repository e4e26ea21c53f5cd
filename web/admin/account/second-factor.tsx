// An administrator's own second factor.

import { TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { SecondFactorState } from '../api/types.ts'
import { Form } from '../parts/form.tsx'
import { accountWords as words } from './account-words.ts'
import { RecoveryCodes, SecondFactorSetUp } from './second-factor-set-up.tsx'

export function SecondFactor() {
  const state = useData<SecondFactorState>('admin/second-factor')
  const client = useQueryClient()
  const [recoveryCodes, setRecoveryCodes] = useState<string[]>()
  /** Only now is the state loaded anew: it may replace this screen, and the codes are not shown again. */
  const finish = () => {
    setRecoveryCodes(undefined)
    void client.invalidateQueries()
  }
  if (recoveryCodes) return <RecoveryCodes codes={recoveryCodes} onDone={finish} />
  return (
    <Loaded query={state}>
      {({ enabled, recovery_codes }) =>
        enabled ? (
          <>
            <p>{words.isOn(recovery_codes)}</p>
            <Removal />
          </>
        ) : (
          <>
            <p>{words.isOff}</p>
            <SecondFactorSetUp onConfirmed={setRecoveryCodes} />
          </>
        )
      }
    </Loaded>
  )
}

function Removal() {
  const [fields, setFields] = useState({ password: '', code: '' })
  const remove = useAction(
    () => callApi('admin/second-factor', { method: 'DELETE', body: fields }),
    () => words.removed,
  )
  return (
    <Form submit={words.remove} variant="default" isBusy={remove.isPending} onSubmit={() => remove.mutate()}>
      <TextInput
        label={words.password}
        type="password"
        autoComplete="current-password"
        required
        value={fields.password}
        onChange={event => setFields({ ...fields, password: event.currentTarget.value })}
      />
      <TextInput
        label={words.codeLabel}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        value={fields.code}
        onChange={event => setFields({ ...fields, code: event.currentTarget.value })}
      />
    </Form>
  )
}
