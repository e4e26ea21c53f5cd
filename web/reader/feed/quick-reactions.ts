// Likes and saves an article from its card. The feed does not know whether that was done before: doing it twice changes nothing.

import type { QueryClient } from '@tanstack/react-query'
import { asReader, currentViewer } from '../../shared/api/session.ts'
import { changeWithUndo } from '../../shared/optimistic.ts'
import { setTarget } from '../api/targets.ts'
import { words } from '../words.ts'

const react = (list: 'article/likings' | 'article/collections', done: string) => (client: QueryClient, id: string) =>
  asReader(() =>
    changeWithUndo({
      show: () => () => {},
      send: () => setTarget(list, id, true),
      undo: () => setTarget(list, id, false),
      done,
      // Its screen may be loaded.
      changed: () => void client.invalidateQueries({ queryKey: ['article', currentViewer(), id] }),
    }),
  )

export const likeArticle = react('article/likings', words.liked)
export const collectArticle = react('article/collections', words.collected)
