// The endless list of cards. For screen readers it is a WAI-ARIA feed: each article can be focused and says its position, and
// Page Down and Page Up go from one to the next.

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { memo, useEffect, useLayoutEffect, useMemo } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { Failure, LoadFailure } from '../../shared/failure.tsx'
import { LANGUAGE, languageOf } from '../../shared/language.ts'
import { ListEnd } from '../../shared/list-end.tsx'
import { Link } from '../../shared/router.tsx'
import { scrollAnchorOf, useScrollRestoration } from '../../shared/scroll-restoration.ts'
import { RECOMMENDED } from '../api/channel-names.ts'
import { collectedQuery } from '../api/collected.ts'
import { channelsQuery, feedQuery } from '../api/queries.ts'
import type { Card, Channel, Page } from '../api/types.ts'
import { lastOpenedArticle } from '../article-link.tsx'
import { NotFound } from '../failures.tsx'
import { words } from '../words.ts'
import { FeedCard } from './card.tsx'
import { useDensity } from './density.ts'
import { isHidden, useHidden } from './hidden.ts'
import { handleFeedKeys, useFeedShortcuts } from './keyboard-navigation.ts'
import { placeOf } from './place.ts'
import { Skeletons } from './skeletons.tsx'

const LOAD_AHEAD = '1200px' // more than a screen before the end, so that readers rarely see it
const COLLECTED_AFTER_MS = 1_000 // the feed comes first; its menus need it
const WHOLE_AT_FIRST = 8 // on either side of where the reader was: more than a screen

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
  const cards = useMemo(() => (data ? listCards(data.pages).filter(({ card }) => !isHidden(card, channel)) : []), [data, hidden, channel])
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
    const timer = setTimeout(() => void client.prefetchQuery(collectedQuery(viewer)), COLLECTED_AFTER_MS)
    return () => clearTimeout(timer)
  }, [client, viewer])

  // A reader who navigates by keyboard goes on from the article they opened.
  useLayoutEffect(() => {
    document.querySelector<HTMLElement>(`article[data-anchor="${lastOpenedArticle()}"]`)?.focus({ preventScroll: true })
  }, [])

  const list = useMemo(() => {
    const nameOf = (id: number) => (channel === RECOMMENDED ? channels.find(each => each.id === id)?.name : undefined)
    const start = Math.max(
      0,
      cards.findIndex(({ card }) => card.art_id === anchor),
    )
    return cards.map(({ card, page }, i) => (
      <FeedCard
        key={card.art_id}
        card={card}
        page={page}
        place={placeOf(i)}
        position={i + 1}
        channel={nameOf(card.ch_id)}
        startsWhole={Math.abs(i - start) <= WHOLE_AT_FIRST}
      />
    ))
  }, [cards, channels, channel, anchor])

  if (error && !data) return <FeedFailure error={error} retry={refetch} />
  if (!isShown) return <Skeletons />
  if (cards.length === 0 && !hasNextPage) return <Failure title={words.emptyChannel} />

  return (
    <>
      {/* biome-ignore lint: the keys of a feed work wherever in it the focus is */}
      <section
        className="feed"
        data-density={density}
        role="feed"
        aria-label={words.feed}
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

/** Each article once, also when pages overlap. Of pinned ones those in the language of the interface, if there are any. */
function listCards(pages: Page[]) {
  const isOwn = ({ title }: Card) => languageOf(title) === LANGUAGE
  const pinned = pages.flatMap(page => page.results.filter(card => card.is_top === 1))
  const listed = new Set(pinned.some(isOwn) ? pinned.filter(card => !isOwn(card)).map(card => card.art_id) : [])
  return pages.flatMap(page =>
    page.results.flatMap(card => {
      if (listed.has(card.art_id)) return []
      listed.add(card.art_id)
      return [{ card, page }]
    }),
  )
}
