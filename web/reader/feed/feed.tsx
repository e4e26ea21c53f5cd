// The endless list. To machines that read aloud it is a WAI-ARIA feed: each article can be focused, says where it stands,
// and Page Down and Page Up walk from one to the next.

import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { Failure } from '../../shared/failure.tsx'
import { lastOpened } from '../../shared/router.tsx'
import { usePlace } from '../../shared/scroll-restoration.ts'
import { feedOf } from '../api/queries.ts'
import type { Page } from '../api/types.ts'
import { Link } from '../article-link.tsx'
import { words } from '../words.ts'
import { FeedCard } from './card.tsx'
import { walk } from './keyboard-navigation.ts'
import { Skeletons } from './skeletons.tsx'

const AHEAD = '1200px' // more than a screen before the end, so that the end is rarely seen

export function Feed({ who, channel, refreshing }: { who: string; channel: number; refreshing: boolean }) {
  const { data, error, isPending, isFetching, isFetchNextPageError, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    feedOf(who, channel),
  )
  const cards = useMemo(() => (data ? cardsOf(data.pages) : []), [data])
  const end = useRef<HTMLDivElement>(null)
  usePlace(`feed ${who} ${channel}`, data !== undefined)

  // Whoever walks by keyboard goes on from the article they opened.
  useLayoutEffect(() => {
    document.querySelector<HTMLElement>(`article[data-anchor="${lastOpened()}"]`)?.focus({ preventScroll: true })
  }, [])

  const wantsMore = hasNextPage && !isFetching && !isFetchNextPageError
  useEffect(() => {
    if (!wantsMore || !end.current) return
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && void fetchNextPage(), { rootMargin: AHEAD })
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [wantsMore, fetchNextPage])

  if (isPending) return <Skeletons />
  if (error && !data) return <Trouble error={error} retry={() => void refetch()} />
  if (cards.length === 0) return <Failure title={words.nothing} />

  return (
    <>
      {/* biome-ignore lint: the keys of a feed belong to the feed, wherever in it the focus is */}
      <section className="feed" role="feed" aria-label={words.feed} aria-busy={isFetching || refreshing} onKeyDown={walk}>
        {cards.map(({ card, lead, page }, i) => (
          <FeedCard key={card.art_id} card={card} page={page} lead={lead} place={i + 1} />
        ))}
      </section>
      <div ref={end} className="end" tabIndex={-1}>
        {isFetchNextPageError ? (
          <button type="button" className="button" onClick={() => void fetchNextPage()}>
            {words.failed} · {words.retry}
          </button>
        ) : (
          <p>{hasNextPage ? words.loading : words.end}</p>
        )}
      </div>
    </>
  )
}

function Trouble({ error, retry }: { error: Error; retry: () => void }) {
  // There is no such channel, or no more.
  if (error instanceof ApiError && error.status === 400)
    return (
      <Failure title={words.noPage}>
        <Link className="button" to={{ name: 'feed', channel: 0 }} replace>
          {words.home}
        </Link>
      </Failure>
    )
  return (
    <Failure hint={words.failedHint}>
      <button type="button" className="button" onClick={retry}>
        {words.retry}
      </button>
    </Failure>
  )
}

/** Each article once, whatever pages overlap; the first of a page leads it. */
function cardsOf(pages: Page[]) {
  const shown = new Set<string>()
  return pages.flatMap(page =>
    page.results.flatMap((card, i) => {
      if (shown.has(card.art_id)) return []
      shown.add(card.art_id)
      return [{ card, page, lead: i === 0 }]
    }),
  )
}
