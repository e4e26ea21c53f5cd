// Asks before something that cannot be undone: the browser's own dialog element, which keeps the focus and closes on Escape.

import { Button, Group } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { createPortal } from 'react-dom'
import { useModal } from '../use-modal.ts'
import { frameWords as words } from './words.ts'

interface Question {
  text: string
  /** On the button that says yes. */
  yes: string
  onYes: () => void
}

/** Returns what to render, and a function that asks. */
export function useConfirm(): [ReactNode, (text: string, onYes: () => void, yes?: string) => void] {
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
          {question.yes}
        </Button>
      </Group>
    </Sheet>
  )
  return [dialog, (text, onYes, yes = words.delete) => setQuestion({ text, onYes, yes })]
}

/** A dialog that is open while it is rendered. At the end of the page, because browsers do not submit a form within another one. */
export function Sheet({ label, onClose, children }: { label: string; onClose: () => void; children: ReactNode }) {
  const dialog = useModal(onClose)
  return createPortal(
    <dialog ref={dialog} className="sheet" aria-label={label} closedby="any" onClose={onClose}>
      {children}
    </dialog>,
    document.body,
  )
}
