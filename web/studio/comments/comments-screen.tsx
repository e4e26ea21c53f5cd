// The comments of one article: pinned ones first. `mp/comments` pages by the id of the last comment.

import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Failure } from '../../shared/failure.tsx'
import { isolate } from '../../shared/language.ts'
import { refusalOf } from '../refusal.ts'
import { CommentItem } from './comment-item.tsx'
import { commentPages } from './comment-pages.ts'
import { commentWords as words } from './comment-words.ts'

const PER_PAGE = 20

export function CommentsScreen({ viewer, id }: { viewer: string; id: string }) {
  const comments = useInfiniteQuery(commentPages(['comments', viewer, id], { type: 'a', source: id, limit: PER_PAGE }))
  const list = comments.data?.pages.flatMap(({ results }) => results) ?? []
  const title = list[0]?.art_title
  return (
    <>
      <div className="head">
        <h1>{title ? words.commentsOf(isolate(title)) : words.manageComments}</h1>
      </div>
      {comments.isError && <Failure hint={refusalOf(comments.error)} />}
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
