import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { callApi } from '../api/client.ts'
import type { Explanation } from '../api/types.ts'
import { operationsWords as words } from './operations-words.ts'

/** Why a count is what it is: from the rows, as it is stored, and what is on its way. */
export function ExplainNumber({ kinds }: { kinds: string[] }) {
  const [kind, setKind] = useState(kinds[0] ?? '')
  const [id, setId] = useState('')
  const explain = useMutation({
    mutationFn: () => callApi<Explanation>(`admin/counters/${kind}/${id.trim()}`),
    onError: err => showNotice(err.message),
  })
  /** What is shown was about another number. */
  const change = (set: () => void) => {
    set()
    explain.reset()
  }
  return (
    <section>
      <h2>{words.explainTitle}</h2>
      <form
        className="filters"
        onSubmit={event => {
          event.preventDefault()
          explain.mutate()
        }}
      >
        <NativeSelect label={words.kind} data={kinds} value={kind} onChange={event => change(() => setKind(event.currentTarget.value))} />
        <TextInput
          label={words.id}
          description={words.explainHint}
          inputMode="numeric"
          required
          pattern="\s*\d{1,19}\s*"
          value={id}
          onChange={event => change(() => setId(event.currentTarget.value))}
        />
        <Button type="submit" loading={explain.isPending}>
          {words.explain}
        </Button>
      </form>
      <div role="status">{explain.data && <Result explanation={explain.data} />}</div>
    </section>
  )
}

function Result({ explanation: { truth, store, pending, engine } }: { explanation: Explanation }) {
  const difference = store + pending - truth
  return (
    <>
      <dl className="facts">
        <dt>{words.truth}</dt>
        <dd>{truth}</dd>
        <dt>{words.stored}</dt>
        <dd>{store}</dd>
        <dt>{words.pendingDeltas}</dt>
        <dd>{pending}</dd>
        <dt>{words.engine}</dt>
        <dd>{engine}</dd>
      </dl>
      <p>{difference === 0 ? words.agrees : words.differs(difference)}</p>
    </>
  )
}
