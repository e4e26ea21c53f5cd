// What the chats load from the API. Every key begins with that of all chats: a push makes them stale together.

import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import type { ChatList, MessageList } from '../../../src/features/chat/chat.schema.ts'
import type { AsJson } from '../../shared/api/as-json.ts'
import { callApi } from '../../shared/api/client.ts'
import { PERSISTENT } from '../../shared/api/query-persistence.ts'
import { chatsKey } from '../inbox/inbox-queries.ts'

export type ChatPage = AsJson<ChatList>
export type ListedChat = ChatPage['chats'][number]
type LoadedChat = AsJson<MessageList>
export type Message = LoadedChat['messages'][number]
export interface OpenChat extends LoadedChat {
  hasOlder: boolean
}

const CHATS = 20
const MESSAGES = 50
/** Of the loaded messages the last, five pages: what is further up is loaded again when the chat is opened again. */
const RELOADED = 250
/** So that a gap of up to 250 messages is closed, with at most so many requests. */
const PAGES_MAX = 10

export const chatListQuery = (viewer: string) =>
  infiniteQueryOptions({
    queryKey: [...chatsKey(viewer), 'list'],
    queryFn: ({ pageParam, signal }) =>
      callApi<ChatPage>(`chats?limit=${CHATS}${pageParam && `&before=${pageParam}`}`, { generation: 'v1', signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }: ChatPage) => next ?? undefined,
    enabled: viewer !== 'device',
    staleTime: 0,
    meta: PERSISTENT, // to be read after a reload without a network
  })

const loadMessages = (reader: string, query: string, signal?: AbortSignal) =>
  callApi<LoadedChat>(`chats/${reader}/messages?limit=${MESSAGES}&${query}`, { generation: 'v1', signal })

async function loadNewest(reader: string, signal?: AbortSignal): Promise<OpenChat> {
  const page = await loadMessages(reader, '', signal)
  return { ...page, hasOlder: page.messages.length === MESSAGES }
}

/**
 * First the newest messages; then, each time, the last loaded ones again and what comes after: an editor may have removed some.
 * After a gap that would take too many pages the newest messages are shown, as in a chat that is opened.
 */
export const chatQuery = (client: QueryClient, viewer: string, reader: string) =>
  queryOptions({
    queryKey: [...chatsKey(viewer), 'with', reader],
    async queryFn({ signal, queryKey }): Promise<OpenChat> {
      const known = client.getQueryData<OpenChat>(queryKey)
      if (!known) return loadNewest(reader, signal)
      const start = (known.messages.slice(-RELOADED)[0]?.seq ?? known.last_seq + 1) - 1
      const loaded: Message[] = []
      for (let after = start, pages = 0; pages < PAGES_MAX; pages++) {
        const page = await loadMessages(reader, `after=${after}`, signal)
        loaded.push(...page.messages)
        after = page.messages.at(-1)?.seq ?? after
        if (page.messages.length < MESSAGES) {
          // Meanwhile older ones may have been loaded, or some deleted.
          const { messages, hasOlder } = client.getQueryData<OpenChat>(queryKey) ?? known
          const shown = new Set(messages.map(({ seq }) => seq))
          const deleted = new Set(known.messages.filter(({ seq }) => !shown.has(seq)).map(({ seq }) => seq))
          const older = messages.filter(({ seq }) => seq <= start)
          return { ...page, hasOlder, messages: [...older, ...loaded.filter(({ seq }) => !deleted.has(seq))] }
        }
      }
      return loadNewest(reader, signal)
    },
    enabled: viewer !== 'device',
    staleTime: 0,
    meta: PERSISTENT, // to be read after a reload without a network
  })

export async function loadOlder(client: QueryClient, viewer: string, reader: string): Promise<void> {
  const { queryKey } = chatQuery(client, viewer, reader)
  const first = client.getQueryData<OpenChat>(queryKey)?.messages[0]?.seq
  if (first === undefined) return
  const { messages } = await loadMessages(reader, `before=${first}`)
  client.setQueryData<OpenChat>(
    queryKey,
    // A second call may have been faster.
    chat =>
      chat?.messages[0]?.seq === first
        ? { ...chat, hasOlder: messages.length === MESSAGES, messages: [...messages, ...chat.messages] }
        : chat,
  )
}

const call = (method: string, path: string, body?: unknown) => callApi(`chats/${path}`, { generation: 'v1', method, body })

export const sendMessage = (reader: string, message: { client_id: string; text: string }) => call('POST', `${reader}/messages`, message)
export const confirmRead = (reader: string, read: number) => call('POST', `${reader}/receipts`, { read })
export const deleteMessage = (reader: string, seq: number) => call('DELETE', `${reader}/messages/${seq}`)
export const deleteChat = (reader: string) => call('DELETE', reader)
