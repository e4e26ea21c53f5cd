// A like, and its end, on the cards of an article.

import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { currentViewer } from '../../shared/api/session.ts'
import { editLoaded } from '../../shared/optimistic.ts'
import { isMarked, noteMark } from './marks.ts'
import type { Page } from './types.ts'

/** Returns what takes it back. What the reader likes already is not counted twice. */
export function showLikeOnCards(client: QueryClient, id: string, isOn: boolean): () => void {
  if (isMarked(client, 'liked', id) === isOn) return () => {}
  const feeds = client.getQueriesData({ queryKey: ['feed', currentViewer()] })
  const add = (by: number) => {
    for (const [queryKey] of feeds)
      editLoaded<InfiniteData<Page>>(client, queryKey, loaded => ({ ...loaded, pages: loaded.pages.map(page => countLike(page, id, by)) }))
  }
  const by = isOn ? 1 : -1
  const unmark = noteMark(client, 'liked', id, isOn)
  add(by)
  return () => {
    unmark()
    add(-by)
  }
}

/** A page without the article stays the same object: its cards are not rendered again. */
function countLike(page: Page, id: string, by: number): Page {
  if (!page.results.some(card => card.art_id === id)) return page
  const results = page.results.map(card => (card.art_id === id ? { ...card, like_count: Math.max(0, card.like_count + by) } : card))
  return { ...page, results }
}
