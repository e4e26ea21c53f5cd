// Loads the next page of a list before its reader comes to the end.

import { useEffect, useRef } from 'react'

/** What a query of TanStack says. */
export interface MorePages {
  hasNextPage: boolean
  isFetching: boolean
  isFetchNextPageError: boolean
  fetchNextPage: () => unknown
}

/** Returns a ref for the element that ends the list. `ahead`: from how far below the screen, as a CSS length. */
export function useLoadAhead({ hasNextPage, isFetching, isFetchNextPageError, fetchNextPage }: MorePages, ahead: string) {
  const end = useRef<HTMLDivElement>(null)
  const canLoadMore = hasNextPage && !isFetching && !isFetchNextPageError
  useEffect(() => {
    if (!canLoadMore || !end.current) return
    // A busy browser reports several changes at once; the last one holds.
    const observer = new IntersectionObserver(entries => entries.at(-1)?.isIntersecting && void fetchNextPage(), { rootMargin: ahead })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [canLoadMore, fetchNextPage, ahead])
  return end
}
