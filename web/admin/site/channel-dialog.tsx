import { Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { Channel } from '../api/types.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { siteWords as words } from './site-words.ts'

/** Without a channel it adds one. */
export function ChannelDialog({ channel, onClose }: { channel: Channel | undefined; onClose: () => void }) {
  const [name, setName] = useState(channel?.name ?? '')
  const [isVisible, setVisible] = useState(channel?.is_visible !== 0)
  const [sequence, setSequence] = useState(String(channel?.sequence ?? 0))
  const save = useAction(
    () => {
      const body = { name, is_visible: isVisible ? 1 : 0, sequence: Number(sequence) || 0 }
      return channel
        ? callApi(`mis/channels/${channel.channel_id}`, { method: 'PUT', body })
        : callApi('mis/channels', { method: 'POST', body })
    },
    () => (channel ? words.saved : words.added),
  )
  return (
    <FormDialog
      title={channel ? words.editChannel : words.addChannel}
      submit={words.save}
      isBusy={save.isPending}
      onSubmit={() => save.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput label={words.name} dir="auto" required autoFocus value={name} onChange={event => setName(event.currentTarget.value)} />
      <TextInput label={words.sequence} type="number" min={0} value={sequence} onChange={event => setSequence(event.currentTarget.value)} />
      <Switch label={words.visible} checked={isVisible} onChange={event => setVisible(event.currentTarget.checked)} />
    </FormDialog>
  )
}
