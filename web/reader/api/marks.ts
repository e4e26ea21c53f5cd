// What a reader has saved and likes, so that a card can say so: its page does not.

import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import { patchLoaded } from '../../shared/optimistic.ts'

/** Of each kind, ids of articles. */
type Marks = Record<'collected' | 'liked', string[]>

export const marksQuery = (viewer: string) =>
  queryOptions({
    queryKey: ['marks', viewer],
    queryFn: ({ signal }) => callApi<Marks>('marks', { generation: 'v1', signal }),
    staleTime: 60_000,
    gcTime: Number.POSITIVE_INFINITY,
  })

const ownKey = () => marksQuery(currentViewer()).queryKey

/** False while it is not known. */
export const isMarked = (client: QueryClient, kind: keyof Marks, id: string): boolean =>
  client.getQueryData(ownKey())?.[kind].includes(id) ?? false

/** Returns what takes it back. */
export function noteMark(client: QueryClient, kind: keyof Marks, id: string, isOn: boolean): () => void {
  const set = (on: boolean) => (marks: Marks) => ({ ...marks, [kind]: [...(on ? [id] : []), ...marks[kind].filter(each => each !== id)] })
  return patchLoaded<Marks>(client, ownKey(), set(isOn), set(!isOn))
}
