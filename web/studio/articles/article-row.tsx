import { Button, Switch } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { isolate, textAttributes } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { Link } from '../../shared/router.tsx'
import { formatCount, formatTime } from '../../shared/time.ts'
import { type Decision, type OwnArticle, STATUS } from '../api/types.ts'
import { refusalOf } from '../refusal.ts'
import { words } from '../words.ts'
import { Appeal } from './appeal.tsx'
import { StatusBadge } from './status-badge.tsx'

interface ArticleRowProps {
  article: OwnArticle
  /** The last one about it. */
  decision: Decision | undefined
  viewer: string
}

export function ArticleRow({ article, decision, viewer }: ArticleRowProps) {
  const { id, title, status, cover, pubdate, publish_at, reject_reason, comment_status } = article
  const client = useQueryClient()
  const reload = () => client.invalidateQueries({ queryKey: ['articles', viewer] })
  const onError = (err: Error) => showNotice(refusalOf(err))
  const remove = useMutation({ mutationFn: () => callApi(`mp/articles/${id}`, { method: 'DELETE' }), onSuccess: reload, onError })
  const allowComments = useMutation({
    mutationFn: (allow_comment: boolean) => callApi(`mp/comments/status?article_id=${id}`, { method: 'PUT', body: { allow_comment } }),
    onSuccess: reload,
    onError,
  })
  const [confirmation, confirm] = useConfirm()
  const isPublished = status === STATUS.published
  return (
    <li>
      {cover.images[0] ? <img src={cover.images[0]} alt="" loading="lazy" /> : <div className="no-cover" aria-hidden="true" />}
      <div className="about">
        <h2 {...textAttributes(title)}>
          <Link href={`/write/${id}`}>{title}</Link>
        </h2>
        <p>
          <StatusBadge status={status} /> <time dateTime={pubdate}>{formatTime(pubdate)}</time>
          {publish_at && Date.parse(publish_at) > Date.now() && <span> · {words.publishedFrom(formatTime(publish_at))}</span>}
        </p>
        {status === STATUS.rejected && reject_reason && <p className="reason">{words.rejectedBecause(isolate(reject_reason))}</p>}
        {status === STATUS.rejected && decision && <Appeal decision={decision} viewer={viewer} />}
        {isPublished && (
          <p className="figures">
            {words.reads(formatCount(article.read_count))} · {words.comments(formatCount(article.comment_count))} ·{' '}
            {words.likes(formatCount(article.like_count))} · {words.collections(formatCount(article.collect_count))}
          </p>
        )}
      </div>
      <div className="actions">
        {isPublished && (
          <>
            <Switch
              size="sm"
              label={words.commentsOn}
              checked={allowComments.isPending ? allowComments.variables : comment_status}
              onChange={event => allowComments.mutate(event.currentTarget.checked)}
            />
            <Button component={Link} href={`/comments/${id}`} variant="default" size="compact-sm">
              {words.manageComments}
            </Button>
            <Button component={Link} href={`/statistics/${id}`} variant="default" size="compact-sm">
              {words.statistics}
            </Button>
          </>
        )}
        <Button component={Link} href={`/write/${id}`} variant="default" size="compact-sm">
          {words.edit}
        </Button>
        {!isPublished && (
          <Button
            variant="default"
            size="compact-sm"
            loading={remove.isPending}
            onClick={() => confirm(words.deleteArticle(isolate(title)), () => remove.mutate())}
          >
            {words.delete}
          </Button>
        )}
      </div>
      {confirmation}
    </li>
  )
}
