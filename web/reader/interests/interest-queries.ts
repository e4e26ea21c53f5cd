import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { nameChannel, ownLanguageFirst } from '../api/channel-names.ts'
import type { Interest } from '../api/types.ts'

/** The channels, with pictures of what is in them. */
export const interestsQuery = queryOptions({
  queryKey: ['interests'],
  queryFn: ({ signal }) =>
    callApi<{ results: Interest[] }>('interests', { generation: 'v1', signal }).then(({ results }) =>
      ownLanguageFirst(results).map(nameChannel),
    ),
  staleTime: 60_000,
})
