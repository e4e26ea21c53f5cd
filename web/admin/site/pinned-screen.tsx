// Articles that stand above the first page of a channel.

import { Button } from '@mantine/core'
import { useState } from 'react'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { AdminList, Channel, Pinned } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { PinDialog } from './pin-dialog.tsx'
import { siteWords as words } from './site-words.ts'

export function PinnedScreen() {
  const can = useCan()
  const query = useData<{ results: Pinned[] }>('admin/pinned')
  const channels = useData<AdminList<'channels', Channel>>('mis/channels?per_page=50', { enabled: can('channel-list-get') })
  const [isPinning, setPinning] = useState(false)
  const unpin = useAction(
    ({ channel_id, article_id }: Pinned) => callApi(`admin/pinned/${channel_id}/${article_id}`, { method: 'DELETE' }),
    () => words.unpinned,
  )
  const channelName = (id: number) =>
    id === 0 ? words.recommended : (channels.data?.channels.find(({ channel_id }) => channel_id === String(id))?.name ?? String(id))
  return (
    <>
      <div className="head">
        <h1>{words.screens.pinned}</h1>
        {can('pinned-list-put') && can('article-list-get') && <Button onClick={() => setPinning(true)}>{words.pin}</Button>}
      </div>
      <Loaded query={query}>
        {({ results }) => (
          <DataTable
            label={words.screens.pinned}
            items={results}
            keyOf={({ channel_id, article_id }) => `${channel_id} ${article_id}`}
            columns={[
              { name: words.channel, cell: ({ channel_id }) => channelName(channel_id) },
              { name: words.article, isHead: true, cell: ({ title }) => <span {...textAttributes(title)}>{title}</span> },
              { name: words.status, cell: ({ published }) => (published ? words.shown : words.notShown) },
              can('pinned-list-put') && {
                name: words.actions,
                cell: pin => (
                  <RowButton of={pin.title} onClick={() => unpin.mutate(pin)}>
                    {words.unpin}
                  </RowButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {isPinning && <PinDialog channels={channels.data?.channels ?? []} onClose={() => setPinning(false)} />}
    </>
  )
}
