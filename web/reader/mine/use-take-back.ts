import { useQueryClient } from '@tanstack/react-query'
import { currentViewer } from '../../shared/api/session.ts'
import { changesAnswered, changeWithUndo, removeFromPages } from '../../shared/optimistic.ts'
import { noteMark } from '../api/marks.ts'
import { setTarget } from '../api/targets.ts'
import { showAgain } from '../feed/hidden.ts'

/** Of each list: what the feed hides because of it, and the screens that say whether something is on it. */
const LISTS = {
  'user/blacklists': { hides: 'authors', screens: 'author' },
  'article/dislikes': { hides: 'articles', screens: 'article' },
  'article/collections': { hides: undefined, screens: 'article' },
} as const

interface TakenBack {
  /** Of the loaded list that has it. */
  queryKey: readonly unknown[]
  /** Of an article or a person. */
  id: string
  list: keyof typeof LISTS
  /** What the notice says. */
  done: string
}

/** Takes something off a list of the reader: the row goes, and can be put back. */
export function useTakeBack() {
  const client = useQueryClient()
  return ({ queryKey, id, list, done }: TakenBack): Promise<void> => {
    const { hides, screens } = LISTS[list]
    return changeWithUndo({
      show: () => {
        const hideAgain = hides && showAgain(hides, id)
        const saveAgain = list === 'article/collections' ? noteMark(client, 'collected', id, false) : undefined
        const putBack = removeFromPages<{ id?: string; art_id?: string }>(client, queryKey, item => (item.art_id ?? item.id) === id)
        return () => {
          putBack()
          hideAgain?.()
          saveAgain?.()
        }
      },
      send: () => setTarget(list, id, false),
      undo: () => setTarget(list, id, true),
      done,
      changed: () => {
        void client.invalidateQueries({ queryKey: [screens, currentViewer(), id] })
        // The pages are numbered: without the row the next page begins elsewhere.
        void changesAnswered().then(() => client.invalidateQueries({ queryKey }))
      },
    })
  }
}
