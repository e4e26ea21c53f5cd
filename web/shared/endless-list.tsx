// A list that goes on as its reader scrolls. The loaded part stays as it is; a long list skips the layout of what is off the screen
// (content-visibility in styles/endless-list.css).

import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { LoadFailure } from './failure.tsx'
import { ListEnd } from './list-end.tsx'

const LOAD_AHEAD = '600px'

interface Props<Item> {
  query: UseInfiniteQueryResult<InfiniteData<{ results: Item[] }>>
  keyOf: (item: Item) => string
  label: string
  /** Takes the place of a list without items. */
  empty: ReactNode
  children: (item: Item) => ReactNode
}

export function EndlessList<Item>({ query, keyOf, label, empty, children }: Props<Item>) {
  const { data, isError, isFetching, hasNextPage, refetch } = query
  if (isError && !data) return <LoadFailure retry={refetch} />
  // Each once: numbered pages overlap if something was added in front of them.
  const items = [...new Map(data?.pages.flatMap(page => page.results).map(item => [keyOf(item), item])).values()]
  if (data && items.length === 0 && !hasNextPage) return empty
  return (
    <>
      <ul className="endless" aria-label={label} aria-busy={isFetching}>
        {items.map(item => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
      <ListEnd query={query} ahead={LOAD_AHEAD} />
    </>
  )
}
