// The end of a list. The next page is loaded before its reader comes to it.

import { type ReactNode, useEffect, useRef } from 'react'
import { sharedWords } from './words.ts'

/** What a query of TanStack says. */
interface MorePages {
  data: unknown
  hasNextPage: boolean
  isFetching: boolean
  isFetchNextPageError: boolean
  fetchNextPage: () => unknown
}

interface Props {
  query: MorePages
  /** From how far below the screen the next page is loaded, as a CSS length. */
  ahead: string
  /** Shown after the last page. */
  children?: ReactNode
}

export function ListEnd({ query: { data, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage }, ahead, children }: Props) {
  const end = useRef<HTMLDivElement>(null)
  const canLoadMore = hasNextPage && !isFetching && !isFetchNextPageError
  // Each page has an observer of its own, because a new observer always reports. The observer of the page before says nothing while the
  // end stays in view, and React may never render the fetch of a page that comes at once.
  useEffect(() => {
    if (!canLoadMore || !end.current) return
    // A busy browser reports several changes at once; the last one holds.
    const observer = new IntersectionObserver(entries => entries.at(-1)?.isIntersecting && void fetchNextPage(), { rootMargin: ahead })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [data, canLoadMore, fetchNextPage, ahead])
  return (
    <div ref={end} className="list-end" tabIndex={-1}>
      {isFetchNextPageError ? (
        <button type="button" className="button" onClick={() => void fetchNextPage()}>
          {sharedWords.loadFailed} · {sharedWords.retry}
        </button>
      ) : hasNextPage ? (
        <p>{sharedWords.loading}</p>
      ) : (
        children
      )}
    </div>
  )
}
