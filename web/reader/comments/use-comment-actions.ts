// Liking and deleting a comment. The list shows it before the server has heard of it.

import { useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { asReader, currentViewer } from '../../shared/api/session.ts'
import { changeOptimistically, changeWithUndo } from '../../shared/optimistic.ts'
import { setTarget } from '../api/targets.ts'
import type { Comment } from '../api/types.ts'
import { patchArticle } from '../article/reactions.ts'
import { patchComment, removeComment, type Thread } from './comment-queries.ts'
import { commentWords as words } from './comment-words.ts'

const NOT_FOUND = 404

/** `articleId`: of the article below which the thread stands. */
export function useCommentActions(thread: Thread, articleId: string) {
  const client = useQueryClient()
  return {
    like: ({ com_id: id, is_liking }: Comment) =>
      asReader(() => {
        const viewer = currentViewer()
        const patch = (isLiking: boolean) =>
          patchComment(client, viewer, thread, id, ({ like_count, is_liking: before }) => ({
            is_liking: isLiking,
            like_count: Math.max(0, like_count + Number(isLiking) - Number(before)),
          }))
        return changeOptimistically({
          show: () => {
            patch(!is_liking)
            return () => patch(is_liking)
          },
          send: () => setTarget('comment/likings', id, !is_liking),
          explain: () => words.gone,
        })
      }),

    /** With its replies. */
    async remove({ com_id: id, reply_count }: Comment): Promise<void> {
      const viewer = currentViewer()
      const gone = 1 + reply_count
      await changeWithUndo({
        show: () => {
          const putBack = removeComment(client, viewer, thread, id)
          // The comment that a reply answers says how many there are.
          const count = (change: number) =>
            thread.type === 'c' &&
            patchComment(client, viewer, { type: 'a', id: articleId }, thread.id, ({ reply_count: before }) => ({
              reply_count: Math.max(0, before + change),
            }))
          count(-1)
          const articleBack = patchArticle(client, articleId, ({ comm_count }) => ({ comm_count: Math.max(0, comm_count - gone) }))
          return () => {
            putBack()
            count(1)
            articleBack()
          }
        },
        send: () => callApi(`comments/${id}`, { generation: 'v1', method: 'DELETE' }),
        explain: ({ status }) => (status === NOT_FOUND ? undefined : words.notDeleted),
        undo: () => callApi(`comments/${id}/restore`, { generation: 'v1', method: 'POST' }),
        done: words.deleted,
      })
    },
  }
}
