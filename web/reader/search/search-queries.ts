// What the search screen loads. What was asked stands in the address, so that it can be shared and returned to.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { HotSearch, SearchPage as SearchPageSchema } from '../../../src/features/search/search.schema.ts'
import type { AsJson } from '../../shared/api/as-json.ts'
import { callApi } from '../../shared/api/client.ts'
import { LANGUAGE, languageOf } from '../../shared/language.ts'

export type SearchPage = AsJson<SearchPageSchema>
export type Result = SearchPage['results'][number]

/** The fields of the address, by the names of the API. `days` is ours: so many days back. */
export interface Asked {
  q: string
  sort?: string
  channel_id?: string
  aut_id?: string
  cover?: string
  days?: string
}

/** The contract's longest query. */
export const QUERY_MAX = 50

const DAY_MS = 86_400_000
const PER_PAGE = 20

export function readAsked(search: string): Asked {
  const { q = '', sort, channel_id, aut_id, cover, days } = Object.fromEntries(new URLSearchParams(search))
  return { q: queryOf(q), sort, channel_id, aut_id, cover, days }
}

/** Of an address, which may come from anywhere: no longer than the server takes, and empty if nothing in it can be seen. */
function queryOf(given: string): string {
  const text = [...given].slice(0, QUERY_MAX).join('')
  return /[^\p{C}\p{Z}]/u.test(text) ? text : ''
}

export function pathOf(asked: Asked): string {
  const fields = Object.entries(asked).filter(([, value]) => value)
  return `/search?${new URLSearchParams(fields as [string, string][])}`
}

export const resultsQuery = (viewer: string, asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ['search', viewer, asked],
    queryFn: ({ pageParam, signal }) => callApi<SearchPage>(requestOf(asked, pageParam), { signal }),
    initialPageParam: 1,
    getNextPageParam: (last: SearchPage) => (last.page * last.per_page < last.total_count ? last.page + 1 : undefined),
    enabled: asked.q !== '',
    staleTime: 60_000,
  })

function requestOf({ days, ...fields }: Asked, page: number): string {
  const given = Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1]))
  const query = new URLSearchParams([...given, ['page', String(page)], ['per_page', String(PER_PAGE)]])
  // To the minute: the same question again is the same query.
  if (days) query.set('after', String(Math.floor(Date.now() / 60_000) * 60_000 - Number(days) * DAY_MS))
  return `search?${query}`
}

export const suggestionsQuery = (typed: string) =>
  queryOptions({
    queryKey: ['suggestion', typed],
    queryFn: ({ signal }) =>
      callApi<{ options: string[] }>(`suggestion?q=${encodeURIComponent(typed)}`, { signal }).then(data => data.options),
    enabled: typed !== '',
    staleTime: 60_000,
  })

export const historiesQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['histories', viewer],
    queryFn: ({ signal }) => callApi<{ keywords: string[] }>('search/histories', { signal }).then(data => data.keywords),
    enabled: viewer !== 'device',
  })

export const hotQuery = queryOptions({
  queryKey: ['hot'],
  queryFn: ({ signal }) => callApi<{ queries: HotSearch[] }>('search/hot', { signal }).then(data => ownLanguageFirst(data.queries)),
  staleTime: 60_000,
})

const isOwn = ({ query }: HotSearch) => languageOf(query) === LANGUAGE
const ownLanguageFirst = (queries: HotSearch[]) => queries.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)))
