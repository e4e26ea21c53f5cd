// A reader's own lists, in numbered pages.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import type { BlockedPage, CardPage, Dials, FollowPage, PlainCard, PublicProfile } from '../api/types.ts'

interface Paged {
  total_count: number
  page: number
  per_page: number
  results: unknown[]
}

const LISTS = {
  history: { path: 'user/histories', generation: 'v1_0' },
  collections: { path: 'article/collections', generation: 'v1_0' },
  articles: { path: 'user/articles', generation: 'v1_0' },
  disliked: { path: 'disliked', generation: 'v1' },
  followings: { path: 'user/followings', generation: 'v1_0' },
  followers: { path: 'user/followers', generation: 'v1_0' },
  blocked: { path: 'blocked', generation: 'v1' },
} as const

type CardListName = 'history' | 'collections' | 'articles' | 'disliked'
export type PeopleListName = 'followings' | 'followers'

const PER_PAGE = 20

const pagedQuery = <Page extends Paged>(queryKey: readonly string[], path: string, generation: 'v1' | 'v1_0') =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => callApi<Page>(`${path}?page=${pageParam}&per_page=${PER_PAGE}`, { generation, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page, per_page, total_count }: Page) => (page * per_page < total_count ? page + 1 : undefined),
    staleTime: 10_000,
  })

const ownListQuery = <Page extends Paged>(viewer: string, name: keyof typeof LISTS) => ({
  ...pagedQuery<Page>(['mine', viewer, name], LISTS[name].path, LISTS[name].generation),
  enabled: viewer !== 'device',
})

export const cardListQuery = (viewer: string, name: CardListName) => ownListQuery<CardPage>(viewer, name)
export const peopleQuery = (viewer: string, name: PeopleListName) => ownListQuery<FollowPage>(viewer, name)
export const blockedQuery = (viewer: string) => ownListQuery<BlockedPage>(viewer, 'blocked')

export const authorQuery = (viewer: string, id: string) =>
  queryOptions({
    queryKey: ['author', viewer, id],
    queryFn: ({ signal }) => callApi<PublicProfile>(`users/${id}`, { signal }),
    staleTime: 30_000,
  })

export const authorArticlesQuery = (viewer: string, id: string) =>
  pagedQuery<CardPage>(['author articles', viewer, id], `users/${id}/articles`, 'v1_0')

export const notInterestedQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['not-interested', viewer],
    queryFn: ({ signal }) => callApi<{ results: PlainCard[] }>('not-interested', { generation: 'v1', signal }).then(data => data.results),
    staleTime: 0, // the feed adds to it
  })

export const dialsQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['dials', viewer],
    queryFn: ({ signal }) => callApi<Dials>('dials', { generation: 'v1', signal }),
    staleTime: 10_000,
  })
