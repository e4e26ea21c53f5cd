import { memo, useState } from 'react'
import { asReader, useViewer } from '../../shared/api/session.ts'
import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import { Menu, type MenuItem } from '../../shared/menu.tsx'
import { formatAge, formatCount, formatTime } from '../../shared/time.ts'
import type { Comment } from '../api/types.ts'
import { AuthorLink } from '../author/author-link.tsx'
import { report } from '../report/reported.ts'
import type { Thread } from './comment-queries.ts'
import { CommentSheet } from './comment-sheet.tsx'
import { commentWords as words } from './comment-words.ts'
import { ReplyList } from './reply-list.tsx'
import { useCommentActions } from './use-comment-actions.ts'

interface Props {
  comment: Comment
  thread: Thread
  articleId: string
  /** Of the article. */
  authorId: string
}

export const CommentItem = memo(({ comment, thread, articleId, authorId }: Props) => {
  const viewer = useViewer()
  const { like, remove } = useCommentActions(thread, articleId)
  const [isReplying, setReplying] = useState(false)
  const [showsReplies, setShowsReplies] = useState(false)
  const { com_id: id, aut_id, aut_name, aut_photo, content, pubdate, like_count, reply_count, is_liking } = comment
  const isTopLevel = thread.type === 'a'

  const items = (): MenuItem[] =>
    aut_id === viewer
      ? [{ label: words.delete, icon: 'trash', run: () => void remove(comment) }]
      : [{ label: words.report, icon: 'flag', run: () => report({ comment: id }) }]

  return (
    <article className="comment" aria-label={words.commentBy(aut_name)}>
      <img src={aut_photo} alt="" width="32" height="32" loading="lazy" />
      <div>
        <p className="facts">
          <AuthorLink id={aut_id} name={aut_name} />
          {aut_id === authorId && <span className="tag">{words.author}</span>}
          {comment.is_top === 1 && <span className="tag pinned">{words.pinned}</span>}
        </p>
        <p className="content" {...textAttributes(content)}>
          {content}
        </p>
        <div className="facts">
          <time dateTime={pubdate} title={formatTime(pubdate)}>
            {formatAge(pubdate)}
          </time>
          <button
            type="button"
            className="quiet"
            aria-pressed={is_liking}
            aria-label={`${words.like} ${formatCount(like_count)}`}
            onClick={() => like(comment)}
          >
            <Icon name="heart" size={16} />
            {like_count > 0 && formatCount(like_count)}
          </button>
          {isTopLevel && (
            <button type="button" className="quiet" onClick={() => asReader(() => setReplying(true))}>
              {words.reply}
            </button>
          )}
          <Menu icon="more" label={words.moreAbout(aut_name)} size={16} className="card-menu" items={items} />
        </div>
        {isTopLevel && reply_count > 0 && (
          <button type="button" className="quiet replies" aria-expanded={showsReplies} onClick={() => setShowsReplies(!showsReplies)}>
            {showsReplies ? words.hideReplies : words.replies(formatCount(reply_count))}
          </button>
        )}
        {isTopLevel && showsReplies && reply_count > 0 && <ReplyList comment={comment} articleId={articleId} authorId={authorId} />}
      </div>
      {isReplying && (
        <CommentSheet articleId={articleId} parent={comment} onClose={() => setReplying(false)} onSent={() => setShowsReplies(true)} />
      )}
    </article>
  )
})
