import { Button } from '@mantine/core'
import { useState } from 'react'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { Channel } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { Status } from '../parts/status.tsx'
import { ChannelDialog } from './channel-dialog.tsx'
import { siteWords as words } from './site-words.ts'

export function ChannelsScreen() {
  const can = useCan()
  const query = useAdminList<'channels', Channel>('mis/channels')
  const [edited, setEdited] = useState<Channel | 'new'>()
  const [confirmation, confirm] = useConfirm()
  const remove = useAction(
    ({ channel_id }: Channel) => callApi(`mis/channels/${channel_id}`, { method: 'DELETE' }),
    () => words.deleted,
  )
  return (
    <>
      <div className="head">
        <h1>{words.screens.channels}</h1>
        {can('channel-list-post') && <Button onClick={() => setEdited('new')}>{words.addChannel}</Button>}
      </div>
      <ListPages query={query} name="channels">
        {(channels, isBusy) => (
          <DataTable
            label={words.screens.channels}
            items={channels}
            keyOf={({ channel_id }) => channel_id}
            isBusy={isBusy}
            columns={[
              { name: words.name, isHead: true, cell: ({ name }) => <span {...textAttributes(name)}>{name}</span> },
              {
                name: words.visible,
                cell: ({ is_visible }) => (
                  <Status color={is_visible ? 'green' : 'gray'}>{is_visible ? words.isVisible : words.hidden}</Status>
                ),
              },
              { name: words.articles, cell: ({ article_count }) => article_count, isNumber: true },
              { name: words.sequence, cell: ({ sequence }) => sequence, isNumber: true },
              (can('channel-list-put') || can('channel-list-delete')) && {
                name: words.actions,
                cell: channel => (
                  <div className="actions">
                    {can('channel-list-put') && (
                      <RowButton of={channel.name} onClick={() => setEdited(channel)}>
                        {words.edit}
                      </RowButton>
                    )}
                    {can('channel-list-delete') && (
                      <RowButton of={channel.name} onClick={() => confirm(words.deleteChannel(channel.name), () => remove.mutate(channel))}>
                        {words.delete}
                      </RowButton>
                    )}
                  </div>
                ),
              },
            ]}
          />
        )}
      </ListPages>
      {edited && <ChannelDialog channel={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {confirmation}
    </>
  )
}
