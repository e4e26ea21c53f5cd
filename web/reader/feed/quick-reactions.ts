// Likes and saves an article from its card. The feed does not know whether it is liked: doing that twice changes nothing.

import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { asReader, currentViewer } from '../../shared/api/session.ts'
import { changeWithUndo, editLoaded } from '../../shared/optimistic.ts'
import { collectedQuery, isCollected, noteCollected } from '../api/collected.ts'
import { articleQuery } from '../api/queries.ts'
import { setTarget } from '../api/targets.ts'
import type { Page } from '../api/types.ts'
import { words } from '../words.ts'

/** Its screen may be loaded. */
const reload = (client: QueryClient, id: string) => () => void client.invalidateQueries({ queryKey: ['article', currentViewer(), id] })

const LIKED = 1
/** By the viewer and the article: what was liked on this page, which is not counted twice. */
const likedHere = new Set<string>()

/** Counts a like on the cards of the article. Returns what takes it back. */
function showLike(client: QueryClient, id: string): () => void {
  const viewer = currentViewer()
  const name = `${viewer} ${id}`
  if (likedHere.has(name) || client.getQueryData(articleQuery(viewer, id, undefined).queryKey)?.attitude === LIKED) return () => {}
  const feeds = client.getQueriesData({ queryKey: ['feed', viewer] })
  const add = (by: 1 | -1) => {
    for (const [queryKey] of feeds)
      editLoaded<InfiniteData<Page>>(client, queryKey, loaded => ({ ...loaded, pages: loaded.pages.map(page => countLike(page, id, by)) }))
  }
  likedHere.add(name)
  add(1)
  return () => {
    likedHere.delete(name)
    add(-1)
  }
}

/** A page without the article stays the same object: its cards are not rendered again. */
function countLike(page: Page, id: string, by: 1 | -1): Page {
  if (!page.results.some(card => card.art_id === id)) return page
  const results = page.results.map(card => (card.art_id === id ? { ...card, like_count: Math.max(0, card.like_count + by) } : card))
  return { ...page, results }
}

export const likeArticle = (client: QueryClient, id: string) =>
  asReader(() =>
    changeWithUndo({
      show: () => showLike(client, id),
      send: () => setTarget('article/likings', id, true),
      undo: () => setTarget('article/likings', id, false),
      done: words.liked,
      changed: reload(client, id),
    }),
  )

/** Saves it, or takes it off what is saved. */
export const toggleCollected = (client: QueryClient, id: string) =>
  asReader(() => {
    const isOn = !isCollected(client, id)
    return changeWithUndo({
      show: () => noteCollected(client, id, isOn),
      send: () => setTarget('article/collections', id, isOn),
      undo: () => setTarget('article/collections', id, !isOn),
      done: isOn ? words.collected : words.uncollected,
      changed: () => {
        reload(client, id)()
        void client.prefetchQuery(collectedQuery(currentViewer())) // the first menu may have come before it
        void client.invalidateQueries({ queryKey: ['mine', currentViewer(), 'collections'] })
      },
    })
  })
