// A dialog that asks for one line of text.

import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Sheet } from '../../shared/frame/confirm.tsx'
import { editorWords as words } from './editor-words.ts'

interface TextSheetProps {
  title: string
  label: string
  initial: string
  onApply: (text: string) => void
  onClose: () => void
}

export function TextSheet({ title, label, initial, onApply, onClose }: TextSheetProps) {
  const [text, setText] = useState(initial)
  return (
    <Sheet label={title} onClose={onClose}>
      <form
        className="text-form"
        onSubmit={event => {
          event.preventDefault()
          onClose()
          onApply(text.trim())
        }}
      >
        <TextInput dir="auto" label={label} value={text} onChange={event => setText(event.currentTarget.value)} data-autofocus />
        <Button type="submit">{words.apply}</Button>
      </form>
    </Sheet>
  )
}
