import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { LANGUAGE } from '../../shared/language.ts'
import type { PlainCard } from '../api/types.ts'

export type PopularList = 'hot' | 'discussed'

/** Ten articles of the last day, in the language of the interface. The server counts once a minute. */
export const popularQuery = (viewer: string, list: PopularList) =>
  queryOptions({
    queryKey: ['popular', viewer, list],
    queryFn: ({ signal }) =>
      callApi<{ results: PlainCard[] }>(`lists/${list}?language=${LANGUAGE === 'en' ? 'en' : 'zh'}`, { generation: 'v1', signal }).then(
        ({ results }) => results,
      ),
    staleTime: 60_000,
  })
