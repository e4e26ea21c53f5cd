import { NativeSelect, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { changedFields } from '../../../src/base/changed-fields.ts'
import { useAction } from '../api/hooks.ts'
import type { Word } from '../api/types.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { changeWords } from './refusal.ts'
import { listWords as words } from './words-words.ts'

const WORD_MAX = 50 // the server's

/** Without a word it adds one. */
export function WordDialog({ word, onClose }: { word: Word | undefined; onClose: () => void }) {
  const [before] = useState({ word: word?.word ?? '', action: word?.action ?? 'review', by_sound: word?.by_sound ?? false })
  const [fields, setFields] = useState(before)
  const set = (change: Partial<typeof fields>) => setFields({ ...fields, ...change })
  const save = useAction(
    () =>
      word ? changeWords(`/${word.id}`, 'PUT', changedFields(before, fields).after) : changeWords('', 'POST', { ...fields, weights: 0 }),
    () => (word ? words.saved : words.added),
  )
  return (
    <FormDialog
      title={word ? words.editWord : words.addWord}
      submit={words.save}
      isBusy={save.isPending}
      onSubmit={() => save.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label={words.word}
        dir="auto"
        required
        autoFocus
        maxLength={WORD_MAX}
        value={fields.word}
        onChange={event => set({ word: event.currentTarget.value })}
      />
      <NativeSelect
        label={words.action}
        value={fields.action}
        data={Object.entries(words.actionNames).map(([value, label]) => ({ value, label }))}
        onChange={event => set({ action: event.currentTarget.value as Word['action'] })}
      />
      <Switch
        label={words.bySound}
        description={words.bySoundHint}
        checked={fields.by_sound}
        onChange={event => set({ by_sound: event.currentTarget.checked })}
      />
    </FormDialog>
  )
}
