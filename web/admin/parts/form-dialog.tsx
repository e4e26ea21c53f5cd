import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { Sheet } from '../../shared/frame/confirm.tsx'
import { words } from '../words.ts'

interface Props {
  title: string
  /** On the button that sends it. */
  submit: string
  onSubmit: () => void
  onClose: () => void
  isBusy?: boolean
  children: ReactNode
}

/** A form in a dialog. Its first field has the focus. */
export function FormDialog({ title, submit, onSubmit, onClose, isBusy, children }: Props) {
  return (
    <Sheet label={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={event => {
          event.preventDefault()
          onSubmit()
        }}
      >
        <h2>{title}</h2>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={isBusy}>
            {submit}
          </Button>
        </Group>
      </form>
    </Sheet>
  )
}
