// The comments on an article and the replies to a comment, as pages that go on from `last_id`.

import { type InfiniteData, infiniteQueryOptions, type QueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { patchLoaded } from '../../shared/optimistic.ts'
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

/** Changes the loaded comments of a thread. Returns what puts them back. */
const changeThread = (client: QueryClient, viewer: string, thread: Thread, change: (comments: Comment[]) => Comment[], added = 0) =>
  patchLoaded<Loaded>(client, commentsQuery(viewer, thread).queryKey, loaded => ({
    ...loaded,
    pages: loaded.pages.map(page => ({ ...page, total_count: Math.max(0, page.total_count + added), results: change(page.results) })),
  }))

/** A new comment stands below the pinned ones of the first page. */
export function insertComment(client: QueryClient, viewer: string, thread: Thread, comment: Comment): void {
  client.setQueryData<Loaded>(commentsQuery(viewer, thread).queryKey, loaded => {
    const [first, ...others] = loaded?.pages ?? []
    if (!loaded || !first) return loaded
    const at = first.results.filter(each => each.is_top === 1).length
    const results = first.results.toSpliced(at, 0, comment)
    return { ...loaded, pages: [{ ...first, total_count: first.total_count + 1, results }, ...others] }
  })
}

export const patchComment = (
  client: QueryClient,
  viewer: string,
  thread: Thread,
  id: string,
  patch: (comment: Comment) => Partial<Comment>,
) => changeThread(client, viewer, thread, comments => comments.map(each => (each.com_id === id ? { ...each, ...patch(each) } : each)))

/** Returns what puts it back. */
export const removeComment = (client: QueryClient, viewer: string, thread: Thread, id: string): (() => void) =>
  changeThread(client, viewer, thread, comments => comments.filter(each => each.com_id !== id), -1)
