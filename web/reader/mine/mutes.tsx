// Muted authors, channels and words, and a form to mute a word.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { callApi } from '../../shared/api/client.ts'
import { LoadFailure } from '../../shared/failure.tsx'
import { FormField } from '../../shared/form-field.tsx'
import { changeOptimistically, patchLoaded } from '../../shared/optimistic.ts'
import type { Dials } from '../api/types.ts'
import { showAgain } from '../feed/hidden.ts'
import { dialsQuery } from './mine-queries.ts'
import { mineWords as words } from './mine-words.ts'
import { None } from './take-back.tsx'

type Mute = Dials['mutes'][number]

const WORD_MAX = 20 // the server's limit

const isSame = (mute: Mute) => (each: Mute) => each.kind === mute.kind && each.target === mute.target
const without = (mute: Mute) => (mutes: Mute[]) => mutes.filter(each => !isSame(mute)(each))

export function Mutes({ viewer }: { viewer: string }) {
  const client = useQueryClient()
  const { queryKey } = dialsQuery(viewer)
  const { data: dials, isError, refetch } = useQuery(dialsQuery(viewer))
  const [word, setWord] = useState('')

  const showMutes = (change: (mutes: Mute[]) => Mute[], undo: (mutes: Mute[]) => Mute[]) =>
    patchLoaded<Dials>(
      client,
      queryKey,
      loaded => ({ ...loaded, mutes: change(loaded.mutes) }),
      loaded => ({ ...loaded, mutes: undo(loaded.mutes) }),
    )
  const takeBack = (mute: Mute) => {
    const { kind, target } = mute
    return changeOptimistically({
      show: () => {
        const hideAgain = kind === 'word' ? undefined : showAgain(`${kind}s`, target)
        const putBack = showMutes(without(mute), mutes => [...without(mute)(mutes), mute])
        return () => {
          putBack()
          hideAgain?.()
        }
      },
      send: () => callApi(`mutes/${kind}/${encodeURIComponent(target)}`, { generation: 'v1', method: 'DELETE' }),
    })
  }
  const addWord = async (event: FormEvent) => {
    event.preventDefault()
    const target = word.trim().toLowerCase()
    if (target === '') return
    const mute: Mute = { kind: 'word', target, name: target }
    const isKnown = dials?.mutes.some(isSame(mute))
    const holds = await changeOptimistically({
      show: () => showMutes(mutes => [...without(mute)(mutes), mute], isKnown ? mutes => mutes : without(mute)),
      send: () => callApi('mutes', { generation: 'v1', method: 'POST', body: { kind: 'word', target } }),
    })
    if (holds) setWord('')
  }

  if (isError && !dials) return <LoadFailure retry={refetch} />
  return (
    <section>
      <h2>{words.muted}</h2>
      <p className="hint">{words.mutedHint}</p>
      {dials?.mutes.length === 0 && <None />}
      <ul className="mutes">
        {dials?.mutes.map(mute => (
          <li key={`${mute.kind} ${mute.target}`}>
            <span>
              {mute.name} <small>{words.kinds[mute.kind]}</small>
            </span>
            <button
              type="button"
              className="button small"
              aria-label={`${words.takeBack}: ${mute.name}`}
              onClick={() => void takeBack(mute)}
            >
              {words.takeBack}
            </button>
          </li>
        ))}
      </ul>
      <form className="add-word" onSubmit={addWord}>
        <FormField label={words.muteWord}>
          {attributes => (
            <input {...attributes} dir="auto" maxLength={WORD_MAX} value={word} onChange={event => setWord(event.target.value)} />
          )}
        </FormField>
        <button type="submit" className="button" disabled={word.trim() === ''}>
          {words.add}
        </button>
      </form>
    </section>
  )
}
