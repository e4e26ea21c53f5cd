import { useInfiniteQuery } from '@tanstack/react-query'
import { useViewer } from '../../shared/api/session.ts'
import type { Comment } from '../api/types.ts'
import { CommentItem } from './comment-item.tsx'
import { commentsQuery, type Thread } from './comment-queries.ts'
import { commentWords as words } from './comment-words.ts'

interface Props {
  comment: Pick<Comment, 'com_id' | 'aut_name'>
  articleId: string
  authorId: string
}

/** The replies to a comment, a page at a time when the reader asks for more. */
export function ReplyList({ comment, articleId, authorId }: Props) {
  const viewer = useViewer()
  const thread: Thread = { type: 'c', id: comment.com_id }
  const { data, isError, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    commentsQuery(viewer, thread),
  )
  if (isPending) return <p className="facts">{words.loading}</p>
  return (
    <>
      <ul className="reply-list" aria-label={words.repliesTo(comment.aut_name)}>
        {data?.pages
          .flatMap(page => page.results)
          .map(reply => (
            <li key={reply.com_id}>
              <CommentItem comment={reply} thread={thread} articleId={articleId} authorId={authorId} />
            </li>
          ))}
      </ul>
      {(hasNextPage || isError) && (
        <button type="button" className="quiet" disabled={isFetchingNextPage} onClick={() => void (data ? fetchNextPage() : refetch())}>
          {isError ? words.retry : words.moreReplies}
        </button>
      )}
    </>
  )
}
