// Where a message or a question is written. Enter sends it, with Shift it begins a new line. What was typed is kept in this tab.

import { type FormEvent, type KeyboardEvent, useEffect, useId, useState } from 'react'
import { IconButton } from '../../shared/icon-button.tsx'
import { tabStorage } from '../../shared/storage.ts'

interface Props {
  /** Of what is kept. */
  name: string
  label: string
  send: string
  lengthMax: number
  /** False: the text stays here. */
  onSend(text: string): unknown
}

export function Composer({ name, label, send, lengthMax, onSend }: Props) {
  const draft = `draft ${name}`
  const [text, setText] = useState(() => tabStorage.get<string>(draft) ?? '')
  const id = useId()
  useEffect(() => {
    if (text) tabStorage.set(draft, text)
    else tabStorage.remove(draft)
  }, [draft, text])

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (text.trim() === '') return
    if (onSend(text.trim()) !== false) setText('')
  }
  const sendOnEnter = (event: KeyboardEvent) => {
    // While a word is composed, Enter ends it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }
  return (
    <form className="composer" onSubmit={submit}>
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <textarea
        id={id}
        dir="auto"
        rows={1}
        maxLength={lengthMax}
        placeholder={label}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={sendOnEnter}
      />
      <IconButton icon="send" label={send} type="submit" disabled={text.trim() === ''} />
    </form>
  )
}
