// Likes and saves an article from its card.

import type { QueryClient } from '@tanstack/react-query'
import { asReader, currentViewer } from '../../shared/api/session.ts'
import { changeWithUndo } from '../../shared/optimistic.ts'
import { showLikeOnCards } from '../api/like-counts.ts'
import { isMarked, marksQuery, noteMark } from '../api/marks.ts'
import { setTarget } from '../api/targets.ts'
import { words } from '../words.ts'

/** Its screen may be loaded. */
const reload = (client: QueryClient, id: string) => () => void client.invalidateQueries({ queryKey: ['article', currentViewer(), id] })

export const likeArticle = (client: QueryClient, id: string) =>
  asReader(async () => {
    // Whether the reader likes it already. If that cannot be asked, the like cannot be sent either, and is taken back.
    await client.ensureQueryData(marksQuery(currentViewer())).catch(() => {})
    await changeWithUndo({
      show: () => showLikeOnCards(client, id, true),
      send: () => setTarget('article/likings', id, true),
      undo: () => setTarget('article/likings', id, false),
      done: words.liked,
      changed: reload(client, id),
    })
  })

/** Saves it, or takes it off what is saved. */
export const toggleCollected = (client: QueryClient, id: string) =>
  asReader(() => {
    const isOn = !isMarked(client, 'collected', id)
    return changeWithUndo({
      show: () => noteMark(client, 'collected', id, isOn),
      send: () => setTarget('article/collections', id, isOn),
      undo: () => setTarget('article/collections', id, !isOn),
      done: isOn ? words.collected : words.uncollected,
      changed: () => {
        reload(client, id)()
        void client.prefetchQuery(marksQuery(currentViewer())) // the first menu may have come before it
        void client.invalidateQueries({ queryKey: ['mine', currentViewer(), 'collections'] })
      },
    })
  })
