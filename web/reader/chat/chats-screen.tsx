// A reader's chats, the newest first.

import { useInfiniteQuery } from '@tanstack/react-query'
import { Failure, LoadFailure } from '../../shared/failure.tsx'
import { textAttributes } from '../../shared/language.ts'
import { Link } from '../../shared/router.tsx'
import { formatAgeOf } from '../../shared/time.ts'
import { OwnScreen } from '../mine/own-screen.tsx'
import { chatListQuery, type ListedChat } from './chat-queries.ts'
import { chatWords as words } from './chat-words.ts'
import './chat.css'

export function ChatsScreen({ viewer }: { viewer: string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(chatListQuery(viewer))
  const chats = data?.pages.flatMap(page => page.chats) ?? []
  return (
    <OwnScreen viewer={viewer} title={words.chats}>
      {error && !data && <LoadFailure retry={refetch} />}
      {data && chats.length === 0 && <Failure title={words.noChats} />}
      <ul className="chat-list" aria-label={words.chats}>
        {chats.map(chat => (
          <li key={chat.reader.id}>
            <ChatRow chat={chat} />
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

function ChatRow({ chat: { reader, last, unread } }: { chat: ListedChat }) {
  const name = reader.name || words.gone
  const excerpt = last?.is_removed ? words.removed : last?.text
  return (
    <Link href={`/chats/${reader.id}`}>
      <img src={reader.photo} alt="" width="44" height="44" loading="lazy" />
      <span className="about">
        <span className="name" {...textAttributes(name)}>
          {name}
        </span>
        <span className="excerpt" {...textAttributes(excerpt)}>
          {excerpt}
        </span>
      </span>
      <span className="facts">
        {last && <time dateTime={last.at}>{formatAgeOf(Date.parse(last.at))}</time>}
        {unread > 0 && <span className="count">{words.unreadIn(unread)}</span>}
      </span>
    </Link>
  )
}
