// The strip of channels, always on the screen. Each is a link; clicking the current one refreshes the feed.

import { useQuery } from '@tanstack/react-query'
import { Fragment, type MouseEvent, useLayoutEffect, useRef } from 'react'
import { IconButton } from '../../shared/icon-button.tsx'
import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import { Link } from '../../shared/router.tsx'
import { RECOMMENDED } from '../api/channel-names.ts'
import { channelsQuery } from '../api/queries.ts'
import { words } from '../words.ts'

interface Props {
  viewer: string
  /** A channel's id, or the popular lists. */
  current: number | 'popular'
  refreshing: boolean
  onRefresh: () => void
}

export function Channels({ viewer, current, refreshing, onRefresh }: Props) {
  const { data: channels = [] } = useQuery(channelsQuery(viewer))
  const strip = useRef<HTMLElement>(null)

  // Scrolls the strip so that the current channel is in the middle, if there is enough to scroll.
  useLayoutEffect(() => {
    const link = strip.current?.querySelector<HTMLElement>('[aria-current]')
    if (strip.current && link) strip.current.scrollLeft = link.offsetLeft - (strip.current.clientWidth - link.offsetWidth) / 2
  }, [current, channels.length])

  const refreshIfCurrent = (event: MouseEvent, id: number) => {
    if (id !== current) return
    event.preventDefault()
    if (!refreshing) onRefresh()
  }

  return (
    <div className="channels">
      <nav ref={strip} aria-label={words.channels}>
        {channels.map(({ id, name }) => (
          <Fragment key={id}>
            <Link
              href={id > 0 ? `/c/${id}` : '/'}
              replace
              aria-current={id === current ? 'page' : undefined}
              {...textAttributes(name)}
              onClick={(event: MouseEvent) => refreshIfCurrent(event, id)}
            >
              {name}
            </Link>
            {id === RECOMMENDED && (
              <Link href="/popular" replace aria-current={current === 'popular' ? 'page' : undefined}>
                {words.popular}
              </Link>
            )}
          </Fragment>
        ))}
      </nav>
      <Link className="round" href="/channels" aria-label={words.editChannels} title={words.editChannels}>
        <Icon name="plus" />
      </Link>
      <IconButton icon="refresh" label={words.refresh} onClick={onRefresh} disabled={refreshing} data-busy={refreshing || undefined} />
    </div>
  )
}
