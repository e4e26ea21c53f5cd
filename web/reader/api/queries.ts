// What the screens load from the API, and for how long a result is used.

import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { ApiError, callApi } from '../../shared/api/client.ts'
import { PERSISTENT } from '../../shared/api/query-persistence.ts'
import { currentViewer } from '../../shared/api/session.ts'
import { nameChannel, ownLanguageFirst } from './channel-names.ts'
import { loadChannels, loadFirstPage, loadPage } from './load-page.ts'
import type { Announcement, AnnouncementPage, Article, Channel, OwnProfile, Page, PlainCard, ProfileSettings, Session } from './types.ts'

/** Retries twice, unless the server refused the request (4xx). Without a network nothing is tried until it is back. */
export const shouldRetry = (failures: number, err: Error) =>
  failures < 2 && navigator.onLine && !(err instanceof ApiError && err.status < 500)

declare global {
  interface Window {
    /** What first-page.ts has asked for, each to be taken once. It resolves to undefined if it could not be loaded. */
    early?: {
      viewer: string
      channel: number
      page?: Promise<Page | undefined>
      channels?: Promise<Channel[] | undefined>
      answered: { page?: Page; channels?: Channel[] }
    }
  }
}

function takeEarly<Kind extends 'page' | 'channels'>(kind: Kind, viewer: string): NonNullable<Window['early']>[Kind] {
  const { early } = window
  if (early?.viewer !== viewer) return undefined
  const taken = early[kind]
  delete early[kind]
  return taken
}

/** What is answered already is there when the app is rendered first, so that a phone need not lay out the outline of a feed before. */
export function placeEarly(client: QueryClient): void {
  const viewer = currentViewer()
  const { channel = 0, answered = {} } = window.early ?? {}
  const { page, channels } = answered
  if (!page || !channels || window.early?.viewer !== viewer) return
  client.setQueryData(channelsQuery(viewer).queryKey, arrange(channels, viewer))
  client.setQueryData(feedQuery(viewer, channel).queryKey, { pages: [page], pageParams: [null] })
  delete window.early
}

const arrange = (channels: Channel[], viewer: string) => (viewer === 'device' ? ownLanguageFirst(channels) : channels).map(nameChannel)

export const channelsQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['channels', viewer],
    queryFn: async ({ signal }) => arrange((await takeEarly('channels', viewer)) ?? (await loadChannels(callApi, signal)), viewer),
    staleTime: 60_000,
    meta: PERSISTENT,
  })

export const allChannelsQuery = queryOptions({
  queryKey: ['channels', 'all'],
  queryFn: ({ signal }) => callApi<{ channels: Channel[] }>('channels', { signal }).then(data => data.channels.map(nameChannel)),
  staleTime: 60_000,
})

export const ownProfileQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['self', viewer],
    queryFn: ({ signal }) => callApi<OwnProfile>('user', { signal }),
    enabled: viewer !== 'device',
    staleTime: 60_000,
  })

/** Always loaded anew: what is shown is edited. */
export const profileSettingsQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['profile-settings', viewer],
    queryFn: ({ signal }) => callApi<ProfileSettings>('user/profile', { signal }),
    enabled: viewer !== 'device',
    staleTime: 0,
  })

/** Always loaded anew: a session may have been started or ended elsewhere. */
export const sessionsQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['sessions', viewer],
    queryFn: ({ signal }) => callApi<{ sessions: Session[] }>('me/sessions', { generation: 'v1', signal }).then(data => data.sessions),
    staleTime: 0,
  })

/** Never refetched automatically: loading a first page refreshes the feed, and only the reader does that. */
export const feedQuery = (viewer: string, channel: number) =>
  infiniteQueryOptions({
    queryKey: ['feed', viewer, channel],
    queryFn: async ({ pageParam, signal }) => {
      if (pageParam !== null) return loadPage(callApi, channel, pageParam, signal)
      return (
        (window.early?.channel === channel ? await takeEarly('page', viewer) : undefined) ?? loadFirstPage(callApi, viewer, channel, signal)
      )
    },
    initialPageParam: null as number | null,
    getNextPageParam: (last: Page) => last.pre_timestamp ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    meta: PERSISTENT,
  })

/** Some 1,000 cards. A tab that is open for days would keep all it has ever shown; the server has the pages behind these. */
const PAGES_KEPT = 100

/** Puts a new first page before the loaded pages. Returns how many of its articles were not loaded yet. */
export async function refreshFeed(client: QueryClient, viewer: string, channel: number): Promise<number> {
  const now = Date.now()
  const page = await loadPage(callApi, channel, now)
  const { queryKey } = feedQuery(viewer, channel)
  const loaded: InfiniteData<Page, number | null> = client.getQueryData(queryKey) ?? { pages: [], pageParams: [] }
  const loadedIds = new Set(loaded.pages.flatMap(({ results }) => results.map(card => card.art_id)))
  const results = page.results.filter(card => !loadedIds.has(card.art_id))
  if (results.length > 0) {
    // The next page, if one is being loaded, would be added to the pages as they were. The end of the list asks for it again.
    void client.cancelQueries({ queryKey, exact: true })
    client.setQueryData(queryKey, {
      pages: [{ ...page, results }, ...loaded.pages.slice(0, PAGES_KEPT)],
      pageParams: [now, ...loaded.pageParams.slice(0, PAGES_KEPT)],
    })
  }
  return results.length
}

/** The server counts each load as a read, so the result is kept while the reader goes back and forth. */
export const articleQuery = (viewer: string, id: string, trace: string | undefined) =>
  queryOptions({
    queryKey: ['article', viewer, id],
    queryFn: ({ signal }) => callApi<Article>(`articles/${id}`, { trace, signal }),
    networkMode: 'offlineFirst', // the service worker may have it
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
  })

/** The cards of these articles, in their order, without those that readers cannot see any more. */
export const cardsQuery = (viewer: string, ids: readonly string[]) =>
  queryOptions({
    queryKey: ['cards', viewer, ids],
    queryFn: ({ signal }) =>
      callApi<{ results: PlainCard[] }>(`cards?ids=${ids.join()}`, { generation: 'v1', signal }).then(({ results }) => results),
    enabled: ids.length > 0,
    staleTime: 60_000,
  })

export const announcementsQuery = infiniteQueryOptions({
  queryKey: ['announcements'],
  queryFn: ({ pageParam, signal }) => callApi<AnnouncementPage>(`announcements?page=${pageParam}`, { signal }),
  initialPageParam: 1,
  getNextPageParam: ({ page, per_page, total_count }: AnnouncementPage) => (page * per_page < total_count ? page + 1 : undefined),
  staleTime: 60_000,
})

export const announcementQuery = (id: string) =>
  queryOptions({
    queryKey: ['announcement', id],
    queryFn: ({ signal }) => callApi<Announcement>(`announcements/${id}`, { signal }),
    staleTime: 60_000,
  })
