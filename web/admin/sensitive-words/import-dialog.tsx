import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { WordImport } from '../api/types.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { parseWordLines } from './parse-word-lines.ts'
import { listWords as words } from './words-words.ts'

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [result, setResult] = useState<WordImport>()
  const { entries, bad } = parseWordLines(text)
  const send = useAction(() => callApi<WordImport>('admin/words/import', { method: 'POST', body: { words: entries } }))
  const refused = [...(result?.refused ?? []), ...(result ? bad.map(word => ({ word, reason: words.badLine })) : [])]
  return (
    <FormDialog
      title={words.importTitle}
      submit={words.importWords}
      isBusy={send.isPending}
      onSubmit={() => entries.length > 0 && send.mutate(undefined, { onSuccess: setResult })}
      onClose={onClose}
    >
      <Textarea
        label={words.wordsToTry}
        description={words.importHint}
        rows={10}
        required
        autoFocus
        value={text}
        onChange={event => {
          setText(event.currentTarget.value)
          setResult(undefined)
        }}
      />
      <div role="status">
        {result && (
          <>
            <p>{words.imported(result.added, result.unchanged, refused.length)}</p>
            <ul>
              {refused.map(({ word, reason }) => (
                <li key={word}>{words.refusedBecause(word, reason)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </FormDialog>
  )
}
