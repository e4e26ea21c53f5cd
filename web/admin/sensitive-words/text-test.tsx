import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { textAttributes } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { callApi } from '../api/client.ts'
import type { WordTest } from '../api/types.ts'
import { listWords as words } from './words-words.ts'

const TEXT_MAX = 10_000 // the server's

export function TextTest() {
  const [text, setText] = useState('')
  const test = useMutation({
    mutationFn: () => callApi<WordTest>('admin/words/test', { method: 'POST', body: { text } }),
    onError: err => showNotice(err.message),
  })
  return (
    <form
      className="form"
      onSubmit={event => {
        event.preventDefault()
        test.mutate()
      }}
    >
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
      <div className="actions">
        <Button type="submit" loading={test.isPending}>
          {words.run}
        </Button>
      </div>
      <section aria-live="polite" aria-label={words.result}>
        {test.data && <Result result={test.data} />}
      </section>
    </form>
  )
}

function Result({ result: { action, masked, matches } }: { result: WordTest }) {
  if (action === null) return <p>{words.passes}</p>
  return (
    <>
      <p>
        <strong>{words.actionNames[action]}</strong>：
        {matches.map(({ word, action: each }) => `${word}（${words.actionNames[each]}）`).join('、')}
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
