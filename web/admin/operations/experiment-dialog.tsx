import { TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { Experiment, Policies } from '../api/types.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { experimentsWords as words } from './experiments-words.ts'
import { policiesWords } from './policies-words.ts'

const NAME_MAX = 60 // the server's

/** Starts an experiment, or lets the treatment of the running one grow. */
export function ExperimentDialog({ running, onClose }: { running?: Experiment; onClose: () => void }) {
  const [name, setName] = useState('')
  const [policy, setPolicy] = useState('')
  const [percent, setPercent] = useState('50')
  const share = Number(percent) / 100
  const { data: policies } = useData<Policies>('admin/policies', { enabled: !running })
  const choices = useId()
  const send = useAction(
    () =>
      running
        ? callApi('admin/experiments/running', { method: 'PATCH', body: { share } })
        : callApi('admin/experiments', { method: 'POST', body: { name: name.trim(), policy, share } }),
    () => (running ? words.grown : words.started),
  )
  return (
    <FormDialog
      title={running ? words.growTitle(running.name) : words.start}
      submit={running ? words.grow : words.start}
      isBusy={send.isPending}
      onSubmit={() => send.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      {running ? (
        <p className="about">{words.growHint}</p>
      ) : (
        <>
          <TextInput
            label={words.name_}
            required
            autoFocus
            maxLength={NAME_MAX}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <TextInput
            label={words.policy}
            description={words.policyHint}
            required
            inputMode="numeric"
            list={choices}
            value={policy}
            onChange={event => setPolicy(event.currentTarget.value)}
          />
          <datalist id={choices}>
            <option value={0}>{policiesWords.default_}</option>
            {policies?.stored.map(({ version, name: itsName }) => (
              <option key={version} value={version}>
                {itsName ?? ''}
              </option>
            ))}
          </datalist>
        </>
      )}
      <TextInput
        label={words.percent}
        description={words.percentHint}
        required
        inputMode="decimal"
        value={percent}
        onChange={event => setPercent(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
