// Whether the server answered the last request.

import { createStore } from '../store.ts'

export const isReachable = createStore(true)

/** Rejects as `fetch` does. A request that was given up says nothing of the server, nor does one without a network. */
export async function noteReachable(request: Promise<Response>): Promise<Response> {
  try {
    const answer = await request
    isReachable.set(true)
    return answer
  } catch (err) {
    if (err instanceof TypeError && navigator.onLine) isReachable.set(false)
    throw err
  }
}

/** Asks for the smallest of its answers. */
export const knock = (): Promise<unknown> => noteReachable(fetch('/healthz', { cache: 'no-store' })).catch(() => {})
