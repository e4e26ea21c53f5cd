// What the screens load, and what they do. Every key holds the administrator: what was loaded for one is not shown to another.

import { keepPreviousData, type UseMutationResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { showNotice } from '../../shared/notice.tsx'
import { useAdministrator } from '../administrator.tsx'
import { callApi } from './client.ts'

interface Options {
  enabled?: boolean
  /** Shows what the path before had until this one is loaded: for lists, whose pages are alike. */
  keepsPrevious?: boolean
  /** Loads it again and again, for screens that are watched. */
  everyMs?: number
  /** Forgets it when it is not shown any more, so that what is shown at first is never old. */
  forgets?: boolean
}

export function useData<Data>(path: string, { enabled, keepsPrevious, everyMs, forgets }: Options = {}) {
  const { id } = useAdministrator()
  return useQuery({
    queryKey: [id, path],
    queryFn: ({ signal }) => callApi<Data>(path, { signal }),
    placeholderData: keepsPrevious ? keepPreviousData : undefined,
    refetchInterval: everyMs,
    gcTime: forgets ? 0 : undefined,
    refetchOnWindowFocus: true, // another administrator may have decided meanwhile
    enabled,
  })
}

/** `done`: what is said when it has succeeded. A refusal is shown as the server words it. */
export function useAction<Input = void, Result = unknown>(work: (input: Input) => Promise<Result>, done?: (result: Result) => string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: work,
    onSuccess: result => done && showNotice(done(result)),
    onError: err => showNotice(err.message),
    // Also after a refusal: the screen may show what is no longer so.
    onSettled: () => client.invalidateQueries(),
  })
}

/** Whether an action on the same thing is under way, until the screen is loaded again. What comes next can be decided meanwhile. */
export const isUnderWay = <Input>(action: UseMutationResult<unknown, Error, Input>, isSame: (input: Input) => boolean): boolean =>
  action.isPending && isSame(action.variables)
