// Likes and saves an article from its card. The feed does not know whether it is liked: doing that twice changes nothing.

import type { QueryClient } from '@tanstack/react-query'
import { asReader, currentViewer } from '../../shared/api/session.ts'
import { changeWithUndo } from '../../shared/optimistic.ts'
import { collectedQuery, isCollected, noteCollected } from '../api/collected.ts'
import { setTarget } from '../api/targets.ts'
import { words } from '../words.ts'

/** Its screen may be loaded. */
const reload = (client: QueryClient, id: string) => () => void client.invalidateQueries({ queryKey: ['article', currentViewer(), id] })

export const likeArticle = (client: QueryClient, id: string) =>
  asReader(() =>
    changeWithUndo({
      show: () => () => {},
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
