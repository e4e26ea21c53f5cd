// What the screens load from the API. The keys of what is the viewer's hold the viewer: what was loaded for one reader is not shown to another.

import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import type { Channel, Decision, FollowPage, Material, OwnArticle, Paged } from './types.ts'

const MINUTE_MS = 60_000

/** Without the recommended channel, to which no article is written. */
export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: ({ signal }) =>
    callApi<{ channels: Channel[] }>('channels', { signal }).then(({ channels }) => channels.filter(({ id }) => id !== 0)),
  staleTime: 10 * MINUTE_MS,
})

/** `search`: the parameters of the list, as they stand in the address of the page. */
export const ownArticlesQuery = (viewer: string, search: string) =>
  queryOptions({
    queryKey: ['articles', viewer, search],
    queryFn: ({ signal }) => callApi<Paged<OwnArticle>>(`mp/articles?${search}`, { signal }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: true, // an article may have been reviewed meanwhile
  })

/** The newest decisions of editors about the creator's articles. */
export const decisionsQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['decisions', viewer],
    queryFn: ({ signal }) =>
      callApi<{ results: Decision[] }>('studio/decisions?per_page=50', { generation: 'v1', signal }).then(({ results }) => results),
    refetchOnWindowFocus: true,
  })

export const materialsQuery = (viewer: string, page: number, onlyCollected: boolean) =>
  queryOptions({
    queryKey: ['materials', viewer, page, onlyCollected],
    queryFn: ({ signal }) => callApi<Paged<Material>>(`mp/user/images?page=${page}&per_page=24&collect=${onlyCollected}`, { signal }),
    placeholderData: keepPreviousData,
  })

export const followersQuery = (viewer: string, page: number) =>
  queryOptions({
    queryKey: ['followers', viewer, page],
    queryFn: ({ signal }) => callApi<FollowPage>(`mp/followers?page=${page}&per_page=20`, { signal }),
    placeholderData: keepPreviousData,
  })
