// The comments below an article: pinned ones first, then the newest.

import { useInfiniteQuery } from '@tanstack/react-query'
import { EndlessList } from '../../shared/endless-list.tsx'
import { LoadFailure } from '../../shared/failure.tsx'
import type { Article } from '../api/types.ts'
import { CommentItem } from './comment-item.tsx'
import { commentsQuery, type Thread } from './comment-queries.ts'
import { commentWords as words } from './comment-words.ts'

export function CommentList({ viewer, article }: { viewer: string; article: Article }) {
  const { art_id: articleId, aut_id: authorId } = article
  const thread: Thread = { type: 'a', id: articleId }
  const query = useInfiniteQuery(commentsQuery(viewer, thread))
  const comments = query.data?.pages.flatMap(page => page.results) ?? []
  if (query.isError && !query.data) return <LoadFailure retry={query.refetch} />
  return (
    <>
      {query.data && comments.length === 0 && <p className="none">{words.none}</p>}
      <EndlessList items={comments} keyOf={comment => comment.com_id} label={words.comments} query={query}>
        {comment => <CommentItem comment={comment} thread={thread} articleId={articleId} authorId={authorId} />}
      </EndlessList>
    </>
  )
}
