// What the screens ask for, and how long it holds.

import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { ApiError, api } from '../../shared/api/client.ts'
import type { Article, Channel, Page, Self } from './types.ts'

/** Kept for this tab, so that a reload finds what was there; see keep.ts. */
const KEPT = { kept: true }

export const retryUnlessRefused = (failures: number, err: Error) => failures < 2 && !(err instanceof ApiError && err.status < 500)

export const channelsOf = (who: string) =>
  queryOptions({
    queryKey: ['channels', who],
    queryFn: ({ signal }) => api<{ channels: Channel[] }>('user/channels', { signal }).then(data => data.channels),
    staleTime: 60_000,
    meta: KEPT,
  })

export const selfOf = (who: string) =>
  queryOptions({
    queryKey: ['self', who],
    queryFn: ({ signal }) => api<Self>('user', { signal }),
    enabled: who !== 'device',
    staleTime: 60_000,
  })

const pageOf = (channel: number, timestamp: number, signal?: AbortSignal) =>
  api<Page>(`articles?channel_id=${channel}&timestamp=${timestamp}&with_top=1&explain=1`, { signal })

/** Never asked for again by itself: to ask for a first page is to refresh, and only the reader does that. */
export const feedOf = (who: string, channel: number) =>
  infiniteQueryOptions({
    queryKey: ['feed', who, channel],
    queryFn: ({ pageParam, signal }) => pageOf(channel, pageParam, signal),
    initialPageParam: Date.now(),
    getNextPageParam: (last: Page) => last.pre_timestamp ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    meta: KEPT,
  })

/** Puts a new page before what is there; says how many articles on it are new. */
export async function refreshFeed(client: QueryClient, who: string, channel: number): Promise<number> {
  const now = Date.now()
  const page = await pageOf(channel, now)
  const { queryKey } = feedOf(who, channel)
  const before: InfiniteData<Page, number> = client.getQueryData(queryKey) ?? { pages: [], pageParams: [] }
  const known = new Set(before.pages.flatMap(each => each.results.map(card => card.art_id)))
  const results = page.results.filter(card => !known.has(card.art_id))
  if (results.length > 0)
    client.setQueryData(queryKey, { pages: [{ ...page, results }, ...before.pages], pageParams: [now, ...before.pageParams] })
  return results.length
}

/** To ask is to read, as the server counts; so not again while somebody goes back and forth. */
export const articleOf = (who: string, id: string, trace: string | undefined) =>
  queryOptions({
    queryKey: ['article', who, id],
    queryFn: ({ signal }) => api<Article>(`articles/${id}`, { trace, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
  })
