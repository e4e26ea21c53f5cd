// A list that goes on as its reader scrolls. The loaded part stays as it is; a long list skips the layout of what is off the screen
// (content-visibility in styles/endless-list.css).

import { type ReactNode, useEffect, useRef } from 'react'
import { sharedWords } from './words.ts'

const LOAD_AHEAD = '600px'

interface Props<Item> {
  items: readonly Item[]
  keyOf: (item: Item) => string
  children: (item: Item) => ReactNode
  label: string
  /** As a query of TanStack says. */
  query: { hasNextPage: boolean; isFetching: boolean; isFetchNextPageError: boolean; fetchNextPage: () => unknown }
}

export function EndlessList<Item>({ items, keyOf, children, label, query }: Props<Item>) {
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query
  const end = useRef<HTMLDivElement>(null)
  const canLoadMore = hasNextPage && !isFetching && !isFetchNextPageError
  useEffect(() => {
    if (!canLoadMore || !end.current) return
    // A busy browser reports several changes at once; the last one holds.
    const observer = new IntersectionObserver(entries => entries.at(-1)?.isIntersecting && void fetchNextPage(), { rootMargin: LOAD_AHEAD })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [canLoadMore, fetchNextPage])
  return (
    <>
      <ul className="endless" aria-label={label} aria-busy={isFetching}>
        {items.map(item => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
      <div ref={end} className="list-end">
        {isFetchNextPageError ? (
          <button type="button" className="button" onClick={() => void fetchNextPage()}>
            {sharedWords.loadFailed} · {sharedWords.retry}
          </button>
        ) : (
          hasNextPage && <p>{sharedWords.loading}</p>
        )}
      </div>
    </>
  )
}
