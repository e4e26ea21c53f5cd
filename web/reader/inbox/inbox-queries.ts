// What the inbox loads from the API.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { NoticeGroupList, Unread } from '../../../src/features/notices/notices.schema.ts'
import type { AsJson } from '../../shared/api/as-json.ts'
import { callApi } from '../../shared/api/client.ts'

export type GroupPage = AsJson<NoticeGroupList>
export type Group = GroupPage['groups'][number]
type UnreadCount = AsJson<Unread>

const GROUPS = 20

export const unreadQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['unread', viewer],
    queryFn: ({ signal }) => callApi<UnreadCount>('notices/unread', { generation: 'v1', signal }).then(({ unread }) => unread),
    enabled: viewer !== 'device',
    staleTime: 60_000, // a push makes it stale at once
  })

/** A push makes everything below it stale. */
export const chatsKey = (viewer: string) => ['chats', viewer] as const

/** How many messages of chats are unread. */
export const unreadMessagesQuery = (viewer: string) =>
  queryOptions({
    queryKey: [...chatsKey(viewer), 'unread'],
    queryFn: ({ signal }) => callApi<UnreadCount>('chats/unread', { generation: 'v1', signal }).then(({ unread }) => unread),
    enabled: viewer !== 'device',
    staleTime: 60_000,
  })

export const groupsQuery = (viewer: string) =>
  infiniteQueryOptions({
    queryKey: ['notices', viewer],
    queryFn: ({ pageParam, signal }) =>
      callApi<GroupPage>(`notices/groups?limit=${GROUPS}${pageParam && `&before=${pageParam}`}`, { generation: 'v1', signal }),
    initialPageParam: '',
    getNextPageParam: ({ groups }: GroupPage) => (groups.length === GROUPS ? groups.at(-1)?.id : undefined),
    enabled: viewer !== 'device',
    staleTime: 0,
  })

export const markRead = (upTo: string) =>
  callApi<UnreadCount>('notices/read', { generation: 'v1', method: 'POST', body: { up_to: upTo } }).then(({ unread }) => unread)
