import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { words } from '../words.ts'
import { FormDialog } from './form-dialog.tsx'

const REASON_MAX = 200 // the server's

interface Props {
  title: string
  submit: string
  label?: string
  description?: string
  isRequired?: boolean
  onSubmit: (reason: string) => void
  onClose: () => void
}

/** Asks why. Ctrl and Enter send it as well. */
export function ReasonDialog({ title, submit, label = words.reason, description, isRequired, onSubmit, onClose }: Props) {
  const [reason, setReason] = useState('')
  const send = () => {
    if (isRequired && !reason.trim()) return
    onClose()
    onSubmit(reason.trim())
  }
  return (
    <FormDialog title={title} submit={submit} onSubmit={send} onClose={onClose}>
      <Textarea
        label={label}
        description={description}
        dir="auto"
        rows={3}
        maxLength={REASON_MAX}
        required={isRequired}
        data-autofocus
        autoFocus
        value={reason}
        onChange={event => setReason(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
        }}
      />
    </FormDialog>
  )
}
