import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { textAttributes } from '../../shared/language.ts'
import { callApi } from '../api/client.ts'
import type { WordTest } from '../api/types.ts'
import { TryForm } from './try-form.tsx'
import { listWords as words } from './words-words.ts'

const TEXT_MAX = 10_000 // the server's

export function TextTest() {
  const [text, setText] = useState('')
  const run = () => callApi<WordTest>('admin/words/test', { method: 'POST', body: { text } })
  return (
    <TryForm run={run} show={result => <Result result={result} />}>
      <Textarea
        label={words.text}
        description={words.testHint}
        dir="auto"
        rows={6}
        required
        maxLength={TEXT_MAX}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
    </TryForm>
  )
}

function Result({ result: { action, masked, matches } }: { result: WordTest }) {
  if (action === null) return <p>{words.passes}</p>
  return (
    <>
      <p>
        <strong>{words.actionNames[action]}</strong> ·{' '}
        {words.join(matches.map(({ word, action: each }) => `${word} (${words.actionNames[each]})`))}
      </p>
      {action === 'mask' && (
        <>
          <h2>{words.becomes}</h2>
          <p {...textAttributes(masked)}>{masked}</p>
        </>
      )}
    </>
  )
}
