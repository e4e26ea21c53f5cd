// A reader's notices, the newest first. What is on the screen counts as read.

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Failure, LoadFailure } from '../../shared/failure.tsx'
import { isolate, textAttributes } from '../../shared/language.ts'
import { Link } from '../../shared/router.tsx'
import { formatAgeOf, formatCount } from '../../shared/time.ts'
import { ArticleLink } from '../article-link.tsx'
import { OwnScreen } from '../mine/own-screen.tsx'
import { Way } from '../mine/way.tsx'
import { type Group, groupsQuery, markRead, unreadMessagesQuery, unreadQuery } from './inbox-queries.ts'
import { inboxWords as words } from './inbox-words.ts'
import { PushSetting } from './push-setting.tsx'

export function InboxScreen({ viewer }: { viewer: string }) {
  const client = useQueryClient()
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(groupsQuery(viewer))
  const { data: unreadMessages = 0 } = useQuery(unreadMessagesQuery(viewer))
  const groups = data?.pages.flatMap(page => page.groups) ?? []
  const newest = groups[0]
  const newestUnread = newest && !newest.is_read ? newest.id : undefined

  useEffect(() => {
    if (newestUnread !== undefined)
      void markRead(newestUnread).then(
        unread => client.setQueryData(unreadQuery(viewer).queryKey, unread),
        () => {}, // the next look at the inbox marks them
      )
  }, [client, viewer, newestUnread])

  return (
    <OwnScreen viewer={viewer} title={words.inbox} ready={data !== undefined}>
      <nav className="ways" aria-label={words.chats}>
        <Way href="/chats" icon="comment" name={unreadMessages > 0 ? words.chatsUnread(formatCount(unreadMessages)) : words.chats} />
        <Way href="/assistant" icon="why" name={words.assistant} />
      </nav>
      <PushSetting />
      {error && !data && <LoadFailure retry={refetch} />}
      {data && groups.length === 0 && <Failure title={words.noNotices} />}
      <ul className="notice-list" aria-live="polite">
        {groups.map(group => (
          <li key={group.id} className={group.is_read ? undefined : 'unread'}>
            <NoticeItem group={group} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <button type="button" className="button" onClick={() => void fetchNextPage()}>
          {words.more}
        </button>
      )}
    </OwnScreen>
  )
}

function NoticeItem({ group: { kind, actors, count, article, comment, at } }: { group: Group }) {
  const who =
    actors.length === 0
      ? words.someone
      : words.people(
          actors.map(actor => isolate(actor.name)),
          count,
        )
  const sentence = words.did[kind](who, article ? isolate(article.title) : words.goneArticle)
  return (
    <>
      {actors[0] && (
        <Link href={`/author/${actors[0].id}`} aria-label={actors[0].name}>
          <img src={actors[0].photo} alt="" width="36" height="36" />
        </Link>
      )}
      <div>
        <p>
          {article ? (
            <ArticleLink id={article.id} preview={{ title: article.title }}>
              {sentence}
            </ArticleLink>
          ) : actors[0] ? (
            <Link href={`/author/${actors[0].id}`}>{sentence}</Link>
          ) : (
            sentence
          )}
        </p>
        {comment && <blockquote {...textAttributes(comment.content)}>{comment.content}</blockquote>}
        <time dateTime={at}>{formatAgeOf(Date.parse(at))}</time>
      </div>
    </>
  )
}
