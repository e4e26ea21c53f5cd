// The comments of an article, or the replies to a comment, page by page.

import { callApi } from '../../shared/api/client.ts'
import type { Comment } from '../api/types.ts'

interface StudioCommentPage {
  total_count: number
  end_id: string | null
  last_id: string | null
  results: (Comment & { art_title?: string })[]
}

/** For `useInfiniteQuery`. `type` is `a` for an article's comments, `c` for replies. */
export const commentPages = (queryKey: unknown[], { type, source, limit }: { type: 'a' | 'c'; source: string; limit: number }) => ({
  queryKey,
  queryFn: ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }) =>
    callApi<StudioCommentPage>(`mp/comments?type=${type}&source=${source}&limit=${limit}${pageParam ? `&offset=${pageParam}` : ''}`, {
      signal,
    }),
  initialPageParam: '',
  getNextPageParam: ({ last_id, end_id }: StudioCommentPage) => (last_id && last_id !== end_id ? last_id : undefined),
})
