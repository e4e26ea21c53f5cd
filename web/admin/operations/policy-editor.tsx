import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { Policy, TriedPolicy } from '../api/types.ts'
import { Form } from '../parts/form.tsx'
import { policiesWords as words } from './policies-words.ts'
import { PolicyEstimate } from './policy-estimate.tsx'

/** As long as the server tries a policy. */
const TRY_MS = 60_000
const BYTES_MAX = 65_536 // the server's

const store = (text: string) => callApi<{ version: number }>('admin/policies', { method: 'POST', body: { text } })

/** What is refused stays on the screen: each wrong value has a line with its path. */
export function PolicyEditor({ shown, live, defaults }: { shown: Policy; live: number; defaults: string }) {
  const mayChange = useCan()('recommender-put')
  const [text, setText] = useState(shown.text)
  const [tooLarge, setTooLarge] = useState<string>()
  const [question, ask] = useConfirm()
  const trial = useMutation({
    mutationFn: () => callApi<TriedPolicy>('admin/policies/trials', { method: 'POST', body: { text }, timeoutMs: TRY_MS }),
  })
  const add = useAction(
    () => store(text),
    ({ version }) => words.added(version),
  )
  const use = useAction(
    async (base: number) => {
      const stored = await store(text)
      await callApi('admin/policies/live', { method: 'PUT', body: { ...stored, base } })
      return stored
    },
    ({ version }) => words.used(version),
  )
  const edit = (changed: string) => {
    setText(changed)
    for (const each of [trial, add, use]) each.reset()
  }
  const refusal = (trial.error ?? add.error ?? use.error)?.message
  if (!mayChange)
    return (
      <details>
        <summary>{words.text}</summary>
        <pre>{shown.text}</pre>
      </details>
    )
  return (
    <>
      <Form
        submit={words.tryIt}
        isBusy={trial.isPending}
        onSubmit={() => trial.mutate()}
        answer={
          <section aria-live="polite" aria-label={words.result}>
            {refusal && <pre className="error">{refusal}</pre>}
            {trial.data && <PolicyEstimate tried={trial.data} />}
          </section>
        }
      >
        <label>
          {words.file}{' '}
          <input
            type="file"
            accept=".json,application/json"
            onChange={async event => {
              const [file] = event.currentTarget.files ?? []
              setTooLarge(file && file.size > BYTES_MAX ? words.tooLarge(file.size, BYTES_MAX) : undefined)
              if (file && file.size <= BYTES_MAX) edit(await file.text())
            }}
          />
        </label>
        {tooLarge && (
          <p className="error" role="alert">
            {tooLarge}
          </p>
        )}
        <Textarea
          label={words.text}
          description={words.tryHint}
          autosize
          minRows={8}
          maxRows={24}
          spellCheck={false}
          required
          value={text}
          onChange={event => edit(event.currentTarget.value)}
        />
        <details>
          <summary>{words.defaults}</summary>
          <pre>{defaults}</pre>
        </details>
      </Form>
      <div className="actions">
        <Button variant="default" loading={add.isPending} onClick={() => add.mutate()}>
          {words.add}
        </Button>
        <Button variant="default" loading={use.isPending} onClick={() => ask(words.useFileQuestion, () => use.mutate(live), words.useFile)}>
          {words.useFile}
        </Button>
      </div>
      {question}
    </>
  )
}
