import { Badge, Button, Textarea } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '../../shared/api/client.ts'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { textAttributes } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { formatAge } from '../../shared/time.ts'
import type { Comment } from '../api/types.ts'
import { refusalOf } from '../refusal.ts'
import { commentPages } from './comment-pages.ts'
import { commentWords as words } from './comment-words.ts'

const REPLIES_MAX = 50 // the greatest page of the API

export interface CommentItemProps {
  comment: Comment
  articleId: string
  onChanged: () => void
  /** A reply cannot be answered or pinned. */
  isReply?: boolean
}

export function CommentItem({ comment, articleId, onChanged, isReply = false }: CommentItemProps) {
  const { com_id: id, aut_name, aut_photo, pubdate, content, is_top, reply_count } = comment
  const [answer, setAnswer] = useState<string>()
  const [showsReplies, setShowsReplies] = useState(false)
  const [confirmation, confirm] = useConfirm()
  const replies = useInfiniteQuery({
    ...commentPages(['replies', id, reply_count], { type: 'c', source: id, limit: REPLIES_MAX }),
    enabled: showsReplies,
  })
  const act = useMutation({
    mutationFn: ({ path, method, body }: { path: string; method: string; body?: unknown }) => callApi(path, { method, body }),
    onSuccess: onChanged,
    onError: err => showNotice(refusalOf(err)),
  })
  const pin = () => act.mutate({ path: `mp/comments/${id}/sticky`, method: 'PUT', body: { sticky: !is_top } })
  const remove = () => act.mutate({ path: `mp/comments/${id}`, method: 'DELETE' })
  const send = () =>
    act.mutate(
      { path: 'mp/comments', method: 'POST', body: { target: id, content: answer, art_id: articleId } },
      {
        onSuccess: () => {
          setAnswer(undefined)
          setShowsReplies(true)
        },
      },
    )
  return (
    <li>
      <img src={aut_photo} alt="" width="36" height="36" />
      <div>
        <p className="by">
          <strong {...textAttributes(aut_name)}>{aut_name}</strong> <time dateTime={pubdate}>{formatAge(pubdate)}</time>{' '}
          {is_top === 1 && (
            <Badge variant="outline" className="status">
              {words.pinnedMark}
            </Badge>
          )}
        </p>
        <p {...textAttributes(content)}>{content}</p>
        <div className="actions">
          {!isReply && (
            <>
              <Button variant="default" size="compact-sm" onClick={() => setAnswer(answer === undefined ? '' : undefined)}>
                {words.reply}
              </Button>
              <Button variant="default" size="compact-sm" onClick={pin}>
                {is_top ? words.unpin : words.pin}
              </Button>
            </>
          )}
          <Button variant="default" size="compact-sm" onClick={() => confirm(words.deleteComment, remove)}>
            {words.delete}
          </Button>
          {reply_count > 0 && !isReply && (
            <Button variant="subtle" size="compact-sm" aria-expanded={showsReplies} onClick={() => setShowsReplies(!showsReplies)}>
              {words.replies(reply_count)}
            </Button>
          )}
        </div>
        {answer !== undefined && (
          <form
            className="answer"
            onSubmit={event => {
              event.preventDefault()
              send()
            }}
          >
            <Textarea dir="auto" label={words.reply} value={answer} onChange={event => setAnswer(event.currentTarget.value)} rows={3} />
            <Button type="submit" disabled={!answer.trim()} loading={act.isPending}>
              {words.send}
            </Button>
          </form>
        )}
        {showsReplies && replies.data && (
          <ul className="comments">
            {replies.data.pages.flatMap(({ results }) =>
              results.map(reply => <CommentItem key={reply.com_id} comment={reply} articleId={articleId} onChanged={onChanged} isReply />),
            )}
            {replies.hasNextPage && (
              <li>
                <Button
                  variant="default"
                  size="compact-sm"
                  loading={replies.isFetchingNextPage}
                  onClick={() => void replies.fetchNextPage()}
                >
                  {words.more}
                </Button>
              </li>
            )}
          </ul>
        )}
      </div>
      {confirmation}
    </li>
  )
}
