// A chat with one reader: the newest messages at the end, and where the next one is written.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { LoadFailure } from '../../shared/failure.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { changeOptimistically, patchLoaded } from '../../shared/optimistic.ts'
import { randomId } from '../../shared/random-id.ts'
import { NotFound } from '../failures.tsx'
import { chatsKey } from '../inbox/inbox-queries.ts'
import { OwnScreen } from '../mine/own-screen.tsx'
import { ChatActions } from './chat-actions.tsx'
import { chatQuery, confirmRead, deleteMessage, loadOlder, type Message, type OpenChat } from './chat-queries.ts'
import { chatWords as words } from './chat-words.ts'
import { Composer } from './composer.tsx'
import { MessageItem } from './message-item.tsx'
import { discard, send as sendMessage, useOutbox } from './outbox.ts'
import type { Outgoing } from './outbox-store.ts'
import { OutgoingItem } from './outgoing-item.tsx'
import { useScrollToEnd } from './use-scroll-to-end.ts'
import './chat.css'

const LENGTH_MAX = 2_000 // the server's limit
const NONE: Message[] = []

type Typed = Pick<Outgoing, 'client_id' | 'text'>

export function ChatScreen({ viewer, reader }: { viewer: string; reader: string }) {
  const client = useQueryClient()
  const { data: chat, error, refetch } = useQuery(chatQuery(client, viewer, reader))
  const name = chat && (chat.reader.name || words.gone)
  const outgoing = useOutbox({ viewer, reader }, chat?.messages ?? NONE)
  /** False if it stays with its writer. */
  const send = (message: Typed): boolean => {
    const sent = sendMessage({ viewer, reader }, message)
    if (sent) void sent.then(() => client.invalidateQueries({ queryKey: chatsKey(viewer) }))
    else showNotice(words.outboxFull)
    return sent !== undefined
  }
  return (
    <OwnScreen viewer={viewer} title={name === undefined ? words.chats : words.chatWith(name)}>
      {error &&
        !chat &&
        (error instanceof ApiError && error.status === 404 ? <NotFound title={words.noReader} /> : <LoadFailure retry={refetch} />)}
      {chat ? (
        <Conversation viewer={viewer} chat={chat} outgoing={outgoing} send={send} />
      ) : (
        <ol className="messages">
          <OutgoingItems messages={outgoing} send={send} />
        </ol>
      )}
    </OwnScreen>
  )
}

interface Sending {
  outgoing: Outgoing[]
  send(message: Typed): boolean
}

function Conversation({ viewer, chat, outgoing, send }: { viewer: string; chat: OpenChat } & Sending) {
  const client = useQueryClient()
  const { reader, messages, hasOlder, last_seq, unread } = chat
  const { queryKey } = chatQuery(client, viewer, reader.id)
  const list = useRef<HTMLOListElement>(null)
  useScrollToEnd(list, messages[0]?.seq, `${last_seq} ${outgoing.length}`)
  const isVisible = usePageVisible()
  const refresh = () => client.invalidateQueries({ queryKey: chatsKey(viewer) })

  useEffect(() => {
    // Should it fail, the next message confirms this one, too.
    if (unread > 0 && isVisible)
      void confirmRead(reader.id, last_seq).then(
        () => client.invalidateQueries({ queryKey: chatsKey(viewer) }),
        () => {},
      )
  }, [client, viewer, reader.id, last_seq, unread, isVisible])

  const remove = (message: Message) =>
    void changeOptimistically({
      show: () =>
        patchLoaded<OpenChat>(
          client,
          queryKey,
          loaded => ({ ...loaded, messages: loaded.messages.filter(({ seq }) => seq !== message.seq) }),
          loaded => ({
            ...loaded,
            messages: [...loaded.messages.filter(({ seq }) => seq !== message.seq), message].toSorted((a, b) => a.seq - b.seq),
          }),
        ),
      send: () => deleteMessage(reader.id, message.seq),
    }).then(refresh)
  const newestOwn = messages.findLast(({ sender_id }) => sender_id === viewer)
  return (
    <>
      <ChatActions viewer={viewer} chat={chat} />
      {hasOlder && (
        <button
          type="button"
          className="button older"
          onClick={() => void loadOlder(client, viewer, reader.id).catch(() => showNotice(words.loadFailed))}
        >
          {words.older}
        </button>
      )}
      <div role="log" aria-label={words.messages}>
        <ol className="messages" ref={list}>
          {messages.map(message => (
            <MessageItem
              key={message.id}
              message={message}
              peer={reader}
              isOwn={message.sender_id === viewer}
              receipt={message === newestOwn ? receiptOf(chat, message) : undefined}
              onDelete={() => remove(message)}
            />
          ))}
          <OutgoingItems messages={outgoing} send={send} />
        </ol>
      </div>
      {chat.can_write ? (
        <Composer
          name={`chat ${viewer} ${reader.id}`}
          label={words.writeTo(reader.name)}
          send={words.send}
          lengthMax={LENGTH_MAX}
          onSend={text => send({ client_id: randomId(), text })}
        />
      ) : (
        <p className="none">{chat.is_blocked ? words.youBlocked : words.cannotWrite}</p>
      )}
    </>
  )
}

const OutgoingItems = ({ messages, send }: { messages: Outgoing[]; send: Sending['send'] }) =>
  messages.map(message => (
    <OutgoingItem key={message.client_id} message={message} onSend={() => send(message)} onDiscard={() => discard(message.client_id)} />
  ))

/** How far the newest own message has come. */
function receiptOf({ read_up_to, delivered_up_to }: OpenChat, { seq }: Message): string | undefined {
  if (read_up_to === null || delivered_up_to === null) return undefined
  if (seq <= read_up_to) return words.read
  return seq <= delivered_up_to ? words.delivered : words.sent
}

function usePageVisible(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const note = () => setVisible(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', note)
    return () => document.removeEventListener('visibilitychange', note)
  }, [])
  return isVisible
}
