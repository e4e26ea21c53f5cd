// What a reader has saved, so that a card can say so: its page does not.

import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import { patchLoaded } from '../../shared/optimistic.ts'

/** Ids of articles. */
export const collectedQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['collected', viewer],
    queryFn: ({ signal }) => callApi<{ ids: string[] }>('collected', { generation: 'v1', signal }).then(({ ids }) => ids),
    staleTime: 60_000,
    gcTime: Number.POSITIVE_INFINITY,
  })

const ownKey = () => collectedQuery(currentViewer()).queryKey

/** False while it is not known. */
export const isCollected = (client: QueryClient, id: string): boolean => client.getQueryData(ownKey())?.includes(id) ?? false

/** Returns what takes it back. */
export function noteCollected(client: QueryClient, id: string, isOn: boolean): () => void {
  const set = (on: boolean) => (ids: string[]) => [...(on ? [id] : []), ...ids.filter(each => each !== id)]
  return patchLoaded<string[]>(client, ownKey(), set(isOn), set(!isOn))
}
