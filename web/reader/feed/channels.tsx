// The channels, always within reach. Links, since each is an address; the current one refreshes when chosen again.

import { useQuery } from '@tanstack/react-query'
import { type MouseEvent, useLayoutEffect, useRef } from 'react'
import { Icon } from '../../shared/icons.tsx'
import { languageOf } from '../../shared/time.ts'
import { channelsOf } from '../api/queries.ts'
import { Link } from '../article-link.tsx'
import { words } from '../words.ts'

interface Props {
  who: string
  current: number
  refreshing: boolean
  onRefresh: () => void
}

export function Channels({ who, current, refreshing, onRefresh }: Props) {
  const { data: channels = [] } = useQuery(channelsOf(who))
  const strip = useRef<HTMLElement>(null)

  // The current one in the middle, as far as the strip can be scrolled.
  useLayoutEffect(() => {
    const link = strip.current?.querySelector<HTMLElement>('[aria-current]')
    if (strip.current && link) strip.current.scrollLeft = link.offsetLeft - (strip.current.clientWidth - link.offsetWidth) / 2
  }, [current, channels.length])

  const choose = (event: MouseEvent, id: number) => {
    if (id !== current || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    if (!refreshing) onRefresh()
  }

  return (
    <div className="channels">
      <nav ref={strip} aria-label={words.channels}>
        {channels.map(({ id, name }) => (
          <Link
            key={id}
            to={{ name: 'feed', channel: id }}
            replace
            aria-current={id === current ? 'page' : undefined}
            lang={languageOf(name)}
            onClick={event => choose(event, id)}
          >
            {name}
          </Link>
        ))}
      </nav>
      <button
        type="button"
        className="round"
        onClick={onRefresh}
        disabled={refreshing}
        aria-label={words.refresh}
        title={words.refresh}
        data-busy={refreshing || undefined}
      >
        <Icon name="refresh" />
      </button>
    </div>
  )
}
