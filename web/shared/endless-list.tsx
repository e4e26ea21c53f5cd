// A list that goes on as its reader scrolls. The loaded part stays as it is; a long list skips the layout of what is off the screen
// (content-visibility in styles/endless-list.css).

import type { ReactNode } from 'react'
import { type MorePages, useLoadAhead } from './load-ahead.ts'
import { sharedWords } from './words.ts'

const LOAD_AHEAD = '600px'

interface Props<Item> {
  items: readonly Item[]
  keyOf: (item: Item) => string
  children: (item: Item) => ReactNode
  label: string
  query: MorePages
}

export function EndlessList<Item>({ items, keyOf, children, label, query }: Props<Item>) {
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query
  const end = useLoadAhead(query, LOAD_AHEAD)
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
