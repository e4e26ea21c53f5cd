// The reader's own channels: which, and in what order. The list is the same on every device.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { asReader, currentViewer } from '../../shared/api/session.ts'
import { LoadFailure } from '../../shared/failure.tsx'
import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import { changeOptimistically, changesAnswered } from '../../shared/optimistic.ts'
import { RECOMMENDED } from '../api/channel-names.ts'
import { allChannelsQuery, channelsQuery } from '../api/queries.ts'
import type { Channel } from '../api/types.ts'
import { OwnScreen } from '../mine/own-screen.tsx'
import { channelWords as words } from './channel-words.ts'
import { SortableChannels } from './sortable-channels.tsx'

export function ChannelsScreen({ viewer }: { viewer: string }) {
  const client = useQueryClient()
  const { data: own = [] } = useQuery(channelsQuery(viewer))
  const { data: all = [], isError, refetch } = useQuery(allChannelsQuery)
  const chosen = own.filter(channel => channel.id !== RECOMMENDED)
  const others = all.filter(channel => !own.some(each => each.id === channel.id))

  const replace = (channels: Channel[]) =>
    asReader(async () => {
      const { queryKey } = channelsQuery(currentViewer())
      const holds = await changeOptimistically({
        show: () => {
          const before = client.getQueryData(queryKey)
          const recommended = own.filter(channel => channel.id === RECOMMENDED)
          client.setQueryData(queryKey, [...recommended, ...channels])
          return () => client.setQueryData(queryKey, before)
        },
        send: () => callApi('user/channels', { method: 'PUT', body: { channels: channels.map(({ id }, i) => ({ id, seq: i + 1 })) } }),
      })
      // Changes that were made meanwhile are of the whole list.
      if (!holds) void changesAnswered().then(() => client.invalidateQueries({ queryKey }))
    })

  return (
    <OwnScreen viewer={viewer} title={words.channels} isForDevices>
      {viewer === 'device' && <p className="none">{words.signInToChange}</p>}
      {isError && <LoadFailure retry={refetch} />}
      <section>
        <h2>{words.own}</h2>
        <p className="none">{words.howToOrder}</p>
        <SortableChannels
          channels={chosen}
          onOrder={replace}
          // The server keeps no empty list: a reader without one sees the default channels.
          onRemove={chosen.length > 1 ? id => replace(chosen.filter(channel => channel.id !== id)) : undefined}
        />
      </section>
      {others.length > 0 && (
        <section>
          <h2>{words.others}</h2>
          <ul className="other-channels">
            {others.map(channel => (
              <li key={channel.id}>
                <button type="button" className="button" aria-label={words.add(channel.name)} onClick={() => replace([...chosen, channel])}>
                  <Icon name="plus" size={16} />
                  <span {...textAttributes(channel.name)}>{channel.name}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </OwnScreen>
  )
}
