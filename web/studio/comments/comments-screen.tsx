// The comments of one article: pinned ones first. `mp/comments` pages by the id of the last comment.

import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { Failure } from '../../shared/failure.tsx'
import { isolate } from '../../shared/language.ts'
import type { Comment } from '../api/types.ts'
import { words } from '../words.ts'
import { CommentItem } from './comment-item.tsx'

export interface StudioCommentPage {
  total_count: number
  end_id: string | null
  last_id: string | null
  results: (Comment & { art_title?: string })[]
}

const PER_PAGE = 20

export function CommentsScreen({ viewer, id }: { viewer: string; id: string }) {
  const comments = useInfiniteQuery({
    queryKey: ['comments', viewer, id],
    queryFn: ({ pageParam, signal }) =>
      callApi<StudioCommentPage>(`mp/comments?type=a&source=${id}&limit=${PER_PAGE}${pageParam ? `&offset=${pageParam}` : ''}`, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ last_id, end_id }) => (last_id && last_id !== end_id ? last_id : undefined),
  })
  const list = comments.data?.pages.flatMap(({ results }) => results) ?? []
  const title = list[0]?.art_title
  return (
    <>
      <div className="head">
        <h1>{title ? words.commentsOf(isolate(title)) : words.manageComments}</h1>
      </div>
      {comments.isError && <Failure hint={comments.error.message} />}
      {comments.isSuccess && list.length === 0 && <p>{words.noComments}</p>}
      <ul className="comments">
        {list.map(comment => (
          <CommentItem key={comment.com_id} comment={comment} articleId={id} onChanged={() => void comments.refetch()} />
        ))}
      </ul>
      {comments.hasNextPage && (
        <Button variant="default" loading={comments.isFetchingNextPage} onClick={() => void comments.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </>
  )
}
