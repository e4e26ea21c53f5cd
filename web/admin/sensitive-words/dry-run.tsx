import { NativeSelect, Switch, Textarea } from '@mantine/core'
import { useState } from 'react'
import { callApi } from '../api/client.ts'
import type { WordDryRun } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { TryForm } from './try-form.tsx'
import { listWords as words } from './words-words.ts'

const DAYS = ['7', '30', '365']

export function DryRun() {
  const [text, setText] = useState('')
  const [days, setDays] = useState('7')
  const [bySound, setBySound] = useState(false)
  const entries = text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
  const run = () =>
    callApi<WordDryRun>('admin/words/dry-run', {
      method: 'POST',
      body: { words: entries.map(word => ({ word, by_sound: bySound })), days: Number(days) },
    })
  return (
    <TryForm run={run} show={result => <Result result={result} />}>
      <Textarea
        label={words.wordsToTry}
        description={words.dryRunHint}
        dir="auto"
        rows={4}
        required
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <NativeSelect className="narrow" label={words.days} data={DAYS} value={days} onChange={event => setDays(event.currentTarget.value)} />
      <Switch
        label={words.bySound}
        description={words.bySoundHint}
        checked={bySound}
        onChange={event => setBySound(event.currentTarget.checked)}
      />
    </TryForm>
  )
}

const Result = ({ result: { scanned, results } }: { result: WordDryRun }) => (
  <>
    <p>{words.scanned(scanned)}</p>
    <DataTable
      label={words.dryRun}
      items={results}
      keyOf={(_, index) => index} // a word may be asked for twice
      columns={[
        { name: words.word, cell: ({ word }) => word, isHead: true },
        { name: words.articlesFound, cell: ({ articles }) => articles, isNumber: true },
        {
          name: words.samples,
          cell: ({ samples }) => samples.map(({ id, title }) => <Sample key={id} id={id} title={title} />),
        },
      ]}
    />
  </>
)

const Sample = ({ id, title }: { id: string; title: string }) => (
  <a className="sample" href={`/article/${id}`} target="_blank" rel="noreferrer">
    {title}
  </a>
)
