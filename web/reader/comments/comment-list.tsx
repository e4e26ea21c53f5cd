// The comments below an article: pinned ones first, then the newest.

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { EndlessList } from '../../shared/endless-list.tsx'
import type { Article } from '../api/types.ts'
import { CommentItem } from './comment-item.tsx'
import { commentsQuery, type Thread } from './comment-queries.ts'
import { commentWords as words } from './comment-words.ts'

export function CommentList({ viewer, article }: { viewer: string; article: Article }) {
  const { art_id: articleId, aut_id: authorId } = article
  // The same object, so that thousands of comments are not rendered again with each page.
  const thread = useMemo((): Thread => ({ type: 'a', id: articleId }), [articleId])
  // Those of the device until those of the reader who has just signed in are loaded: they may have signed in to answer one.
  const query = useInfiniteQuery({ ...commentsQuery(viewer, thread), placeholderData: keepPreviousData })
  return (
    <EndlessList query={query} keyOf={comment => comment.com_id} label={words.comments} empty={<p className="none">{words.none}</p>}>
      {comment => <CommentItem comment={comment} thread={thread} articleId={articleId} authorId={authorId} />}
    </EndlessList>
  )
}
