// The comments on an article and the replies to a comment, as pages that go on from `last_id`.

import { type InfiniteData, infiniteQueryOptions, type QueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { editLoaded, removeFromPages } from '../../shared/optimistic.ts'
import type { Comment, CommentPage } from '../api/types.ts'

/** Of an article (`a`) or of a comment (`c`). */
export interface Thread {
  type: 'a' | 'c'
  id: string
}

const PER_PAGE = 20

export const commentsQuery = (viewer: string, { type, id }: Thread) =>
  infiniteQueryOptions({
    queryKey: ['comments', viewer, type, id],
    queryFn: ({ pageParam, signal }) =>
      callApi<CommentPage>(`comments?type=${type}&source=${id}&limit=${PER_PAGE}${pageParam ? `&offset=${pageParam}` : ''}`, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ results, last_id, end_id }: CommentPage) =>
      results.length === 0 || last_id === end_id ? undefined : (last_id ?? undefined),
    staleTime: 30_000,
  })

type Loaded = InfiniteData<CommentPage, string>

/** A new comment stands below the pinned ones of the first page. */
export const insertComment = (client: QueryClient, viewer: string, thread: Thread, comment: Comment): void =>
  editLoaded<Loaded>(client, commentsQuery(viewer, thread).queryKey, loaded => ({
    ...loaded,
    pages: loaded.pages.map((page, i) => {
      const at = page.results.filter(each => each.is_top === 1).length
      return i === 0 ? { ...page, results: page.results.toSpliced(at, 0, comment) } : page
    }),
  }))

export const patchComment = (
  client: QueryClient,
  viewer: string,
  thread: Thread,
  id: string,
  patch: (comment: Comment) => Partial<Comment>,
): void =>
  editLoaded<Loaded>(client, commentsQuery(viewer, thread).queryKey, loaded => ({
    ...loaded,
    pages: loaded.pages.map(page => ({
      ...page,
      results: page.results.map(each => (each.com_id === id ? { ...each, ...patch(each) } : each)),
    })),
  }))

/** Returns what puts it back. */
export const removeComment = (client: QueryClient, viewer: string, thread: Thread, id: string): (() => void) =>
  removeFromPages<Comment>(client, commentsQuery(viewer, thread).queryKey, each => each.com_id === id)
