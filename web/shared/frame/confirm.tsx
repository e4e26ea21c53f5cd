// Asks before something that cannot be undone: the browser's own dialog element, which keeps the focus and closes on Escape.

import { Button, Group } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { frameWords as words } from './words.ts'

interface Question {
  text: string
  onYes: () => void
}

/** Returns what to render, and a function that asks. */
export function useConfirm(): [ReactNode, (text: string, onYes: () => void) => void] {
  const [question, setQuestion] = useState<Question>()
  const close = () => setQuestion(undefined)
  const dialog = question && (
    <Sheet label={question.text} onClose={close}>
      <p>{question.text}</p>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {words.cancel}
        </Button>
        <Button
          onClick={() => {
            close()
            question.onYes()
          }}
        >
          {words.delete}
        </Button>
      </Group>
    </Sheet>
  )
  return [dialog, (text, onYes) => setQuestion({ text, onYes })]
}

/** A dialog that is open while it is rendered. */
export function Sheet({ label, onClose, children }: { label: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} className="sheet" aria-label={label} closedby="any" onClose={onClose}>
      {children}
    </dialog>
  )
}
