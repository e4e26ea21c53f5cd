// A list of the admin API with its pages. Filters stand in the address.

import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Pages } from '../../shared/frame/pages.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useFilters } from '../../shared/frame/use-filters.ts'
import { useData } from '../api/hooks.ts'
import type { AdminList } from '../api/types.ts'
import { words } from '../words.ts'

export const PER_PAGE = 20

/** `defaults`: parameters that hold unless the address has others. */
export function useAdminList<Name extends string, Item>(path: string, defaults: Record<string, string> = {}) {
  const [search] = useFilters()
  const query = new URLSearchParams({ per_page: String(PER_PAGE), ...defaults, ...Object.fromEntries(search) })
  return useData<AdminList<Name, Item>>(`${path}?${query}`, { keepsPrevious: true })
}

interface Props<Name extends string, Item> {
  query: UseQueryResult<AdminList<Name, Item>>
  name: Name
  children: (items: Item[], isBusy: boolean) => ReactNode
}

export function ListPages<Name extends string, Item>({ query, name, children }: Props<Name, Item>) {
  const [search, change] = useFilters()
  return (
    <Loaded query={query}>
      {list => (
        <>
          <p className="count" role="status">
            {words.found(list.total_count)}
          </p>
          {children(list[name], query.isPlaceholderData)}
          <Pages
            of={{ total_count: list.total_count, page: Number(search.get('page')) || 1, per_page: PER_PAGE }}
            onChange={page => change({ page: String(page) })}
          />
        </>
      )}
    </Loaded>
  )
}
