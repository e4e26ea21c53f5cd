// What can be done with an article, always in reach at the lower edge of the screen.

import { Suspense, useState } from 'react'
import { asReader } from '../../shared/api/session.ts'
import { Icon, type IconName } from '../../shared/icons.tsx'
import { lazySheet } from '../../shared/lazy-part.tsx'
import { useShortcuts } from '../../shared/shortcuts.ts'
import { formatCount } from '../../shared/time.ts'
import type { Article } from '../api/types.ts'
import { articleWords as words } from './article-words.ts'
import { isLiked, shareArticle, useReactions } from './reactions.ts'

const CommentSheet = lazySheet(() => import('../comments/comment-sheet.tsx'), 'CommentSheet')

export function ActionBar({ article, onShowComments }: { article: Article; onShowComments(): void }) {
  const { art_id: id, title, is_collected } = article
  const { like, collect } = useReactions(id)
  const [writing, setWriting] = useState(false)
  const liked = isLiked(article)
  useShortcuts({ l: () => like(!liked), s: () => collect(!is_collected) })
  return (
    <div className="action-bar" role="toolbar" aria-label={words.actions}>
      <button type="button" className="write" onClick={() => asReader(() => setWriting(true))}>
        {words.writeComment}
      </button>
      <Action icon="comment" label={words.showComments} count={article.comm_count} onClick={onShowComments} />
      <Action
        icon="star"
        label={words.collect}
        pressed={is_collected}
        count={article.collect_count}
        onClick={() => collect(!is_collected)}
      />
      <Action icon="heart" label={words.like} pressed={liked} count={article.like_count} onClick={() => like(!liked)} />
      <Action icon="share" label={words.share} onClick={() => void shareArticle({ id, title })} />
      {writing && (
        <Suspense>
          <CommentSheet articleId={id} onClose={() => setWriting(false)} onSent={onShowComments} />
        </Suspense>
      )}
    </div>
  )
}

interface ActionProps {
  icon: IconName
  label: string
  /** Of a button that stays on. */
  pressed?: boolean
  count?: number
  onClick: () => void
}

function Action({ icon, label, pressed, count = 0, onClick }: ActionProps) {
  return (
    <button
      type="button"
      className="action"
      data-icon={icon}
      aria-pressed={pressed}
      aria-label={count > 0 ? `${label} ${formatCount(count)}` : label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} size={22} />
      {count > 0 && <span aria-hidden="true">{formatCount(count)}</span>}
    </button>
  )
}
