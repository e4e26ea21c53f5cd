// The endless list of cards. For screen readers it is a WAI-ARIA feed: each article can be focused and says its position, and
// Page Down and Page Up go from one to the next.

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { memo, useEffect, useLayoutEffect, useMemo } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { Failure, LoadFailure } from '../../shared/failure.tsx'
import { ListEnd } from '../../shared/list-end.tsx'
import { Link } from '../../shared/router.tsx'
import { scrollAnchorOf, useScrollRestoration } from '../../shared/scroll-restoration.ts'
import { RECOMMENDED } from '../api/channel-names.ts'
import { marksQuery } from '../api/marks.ts'
import { channelsQuery, feedQuery } from '../api/queries.ts'
import type { Channel } from '../api/types.ts'
import { lastOpenedArticle } from '../article-link.tsx'
import { NotFound } from '../failures.tsx'
import { words } from '../words.ts'
import { useDensity } from './density.ts'
import { FeedGroup } from './feed-group.tsx'
import { groupCards } from './groups.ts'
import { isHidden, useHidden } from './hidden.ts'
import { handleFeedKeys, useFeedShortcuts } from './keyboard-navigation.ts'
import { Skeletons } from './skeletons.tsx'

const LOAD_AHEAD = '1200px' // more than a screen before the end, so that readers rarely see it
const MARKS_AFTER_MS = 1_000 // the feed comes first; its menus need it

interface Props {
  viewer: string
  channel: number
  refreshing: boolean
}

export const Feed = memo(({ viewer, channel, refreshing }: Props) => {
  const query = useInfiniteQuery(feedQuery(viewer, channel))
  const { data, error, isFetching, hasNextPage, refetch } = query
  const density = useDensity()
  const hidden = useHidden()
  // biome-ignore lint: isHidden reads what useHidden follows
  const groups = useMemo(() => (data ? groupCards(data.pages, card => isHidden(card, channel)) : []), [data, hidden, channel])
  const { data: channels = NO_CHANNELS, isPending: areNamesPending, failureCount } = useQuery(channelsQuery(viewer))
  // Names of channels that came after their cards would move what is beside them.
  const isShown = data !== undefined && !(channel === RECOMMENDED && areNamesPending && failureCount === 0)
  const page = `feed ${viewer} ${channel}`
  const anchor = useMemo(() => scrollAnchorOf(page), [page])
  useScrollRestoration(page, isShown)
  useFeedShortcuts()

  const client = useQueryClient()
  useEffect(() => {
    if (viewer === 'device') return
    const timer = setTimeout(() => void client.prefetchQuery(marksQuery(viewer)), MARKS_AFTER_MS)
    return () => clearTimeout(timer)
  }, [client, viewer])

  // A reader who navigates by keyboard goes on from the article they opened.
  useLayoutEffect(() => {
    document.querySelector<HTMLElement>(`article[data-anchor="${lastOpenedArticle()}"]`)?.focus({ preventScroll: true })
  }, [])

  const list = useMemo(() => {
    // Where the reader was, and what they opened since, which takes the focus.
    const starts = [anchor, lastOpenedArticle()].map(id =>
      id === undefined ? 0 : groups.findIndex(({ cards }) => cards.some(({ card }) => card.art_id === id)),
    )
    // At its head a group is more than a screen, unless it is compact.
    const beside = anchor === undefined && density === 'comfortable' ? 0 : 1
    return groups.map((group, i) => (
      <FeedGroup
        key={group.key}
        group={group}
        channels={channel === RECOMMENDED ? channels : undefined}
        startsNear={starts.some(start => Math.abs(i - Math.max(0, start)) <= beside)}
      />
    ))
  }, [groups, channels, channel, anchor, density])

  if (error && !data) return <FeedFailure error={error} retry={refetch} />
  if (!isShown) return <Skeletons />
  if (groups.length === 0 && !hasNextPage) return <Failure title={words.emptyChannel} />

  return (
    <>
      {/* biome-ignore lint: the keys of a feed work wherever in it the focus is */}
      <section
        className="feed"
        data-density={density}
        role="feed"
        aria-label={words.feed}
        data-cards={(groups.at(-1)?.firstPosition ?? 1) - 1 + (groups.at(-1)?.cards.length ?? 0)}
        aria-busy={isFetching || refreshing}
        onKeyDown={handleFeedKeys}
      >
        {list}
      </section>
      <ListEnd query={query} ahead={LOAD_AHEAD}>
        <p>
          {words.endOfFeed} · <Link href="/announcements">{words.announcements}</Link>
        </p>
      </ListEnd>
    </>
  )
})

const NO_CHANNELS: Channel[] = []

function FeedFailure({ error, retry }: { error: Error; retry: () => unknown }) {
  // The channel does not exist, or not any more.
  const isGone = error instanceof ApiError && error.status === 400
  return isGone ? <NotFound title={words.noSuchPage} /> : <LoadFailure retry={retry} />
}
