import { Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { parseWordLines, type WordLines } from '../../../src/features/moderation/word-lines.ts'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { WordImport } from '../api/types.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { RULES } from './refusal.ts'
import { listWords as words } from './words-words.ts'

/** The server takes 2,000. Fewer keep the bar moving, and a lost connection costs less. */
const WORDS_AT_ONCE = 500

interface Imported {
  /** So many of the words were sent. */
  sent: number
  added: number
  unchanged: number
  refused: { line: number; word: string; reason: string }[]
}

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [imported, setImported] = useState<Imported>()
  const sending = useRef<AbortController>(undefined)
  useEffect(() => () => sending.current?.abort(), [])
  const lines = parseWordLines(text)
  const total = lines.entries.length
  const send = useAction(() => {
    sending.current = new AbortController()
    return sendInParts(lines, sending.current.signal, setImported)
  })
  return (
    <FormDialog
      title={words.importTitle}
      submit={words.importWords}
      isBusy={send.isPending}
      onSubmit={() => send.mutate()}
      onClose={onClose}
    >
      <Textarea
        label={words.wordsToTry}
        description={words.importHint}
        rows={10}
        required
        autoFocus
        readOnly={send.isPending}
        value={text}
        onChange={event => {
          setText(event.currentTarget.value)
          setImported(undefined)
        }}
      />
      {imported && imported.sent < total && <progress aria-label={words.sent(imported.sent, total)} value={imported.sent} max={total} />}
      <div role="status">
        {imported && (
          <p>
            {imported.sent < total && `${words.sent(imported.sent, total)} `}
            {words.imported(imported.added, imported.unchanged, imported.refused.length)}
          </p>
        )}
      </div>
      {imported && imported.refused.length > 0 && (
        <ul>
          {imported.refused.map(({ line, word, reason }) => (
            <li key={line}>{words.refusedBecause(line, word, reason)}</li>
          ))}
        </ul>
      )}
    </FormDialog>
  )
}

/** Calls `onPart` before the first part and after each. What was sent before a failure, or before `signal`, stays imported. */
async function sendInParts({ entries, bad }: WordLines, signal: AbortSignal, onPart: (imported: Imported) => void): Promise<void> {
  let imported: Imported = { sent: 0, added: 0, unchanged: 0, refused: bad.map(one => ({ ...one, reason: words.badLine })) }
  onPart(imported)
  while (imported.sent < entries.length && !signal.aborted) {
    const part = entries.slice(imported.sent, imported.sent + WORDS_AT_ONCE)
    const body = { words: part.map(({ line: _line, ...word }) => word) }
    const answer = await callApi<WordImport>('admin/words/import', { method: 'POST', body })
    const refused = answer.refused.map(({ index, word, rule }) => ({
      line: part[index]?.line ?? 0,
      word,
      reason: RULES[rule],
    }))
    imported = {
      sent: imported.sent + part.length,
      added: imported.added + answer.added,
      unchanged: imported.unchanged + answer.unchanged,
      refused: [...imported.refused, ...refused].toSorted((a, b) => a.line - b.line),
    }
    onPart(imported)
  }
}
