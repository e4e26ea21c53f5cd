import { useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import { showNotice } from '../../shared/notice.tsx'
import { changeOptimistically } from '../../shared/optimistic.ts'
import { showAgain } from '../feed/hidden.ts'
import { removeFromList } from './mine-queries.ts'
import { mineWords as words } from './mine-words.ts'

interface TakenBack {
  /** Of the list that has it. */
  queryKey: readonly unknown[]
  /** Of an article or a person. */
  id: string
  name: string
  /** What the server deletes, and creates again for an undo. */
  path: 'user/blacklists' | 'article/dislikes'
}

/** Takes a block or a dislike back: the row goes, and can be put back. */
export function useTakeBack() {
  const client = useQueryClient()
  return async ({ queryKey, id, name, path }: TakenBack): Promise<void> => {
    showAgain(path === 'user/blacklists' ? 'authors' : 'articles', id)
    let putBack = () => {}
    const holds = await changeOptimistically({
      show: () => (putBack = removeFromList<{ id?: string; art_id?: string }>(client, queryKey, item => (item.art_id ?? item.id) === id)),
      send: () => callApi(`${path}/${id}`, { method: 'DELETE' }),
    })
    // What other screens say of the author or the article is loaded again.
    void client.invalidateQueries({ queryKey: [path === 'user/blacklists' ? 'author' : 'article', currentViewer(), id] })
    if (!holds) return
    showNotice(words.takenBack(name), {
      label: words.undo,
      run: () =>
        void changeOptimistically({
          show: () => (putBack(), () => {}),
          send: () => callApi(path, { method: 'POST', body: { target: id } }),
        }),
    })
  }
}
