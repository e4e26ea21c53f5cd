// A line at the edge of the screen while the browser is offline, the server does not answer, or something has been loading for long.

import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { isReachable, knock } from './api/reachable.ts'
import { sharedWords } from './words.ts'

const KNOCK_MS = 3_000 // a restart takes one to three seconds
const SLOW_AFTER_MS = 4_000 // then readers begin to wonder whether anything happens

/** `children`: a way to what can be read offline. */
export function ConnectionNotice({ children }: { children?: ReactNode }) {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine)
  const isAnswering = useIsAnswering()
  const isSlow = useIsSlow()
  return (
    <div className="connection" role="status">
      {!isOnline ? (
        <p>
          {sharedWords.offline} {children}
        </p>
      ) : (
        (!isAnswering || isSlow) && <p>{isAnswering ? sharedWords.slow : sharedWords.unreachable}</p>
      )}
    </div>
  )
}

/** While it is not, it is asked again and again; what was not loaded is then loaded again. */
function useIsAnswering(): boolean {
  const isAnswering = useSyncExternalStore(isReachable.subscribe, isReachable.get)
  const client = useQueryClient()
  useEffect(() => {
    if (isAnswering) return
    const timer = setInterval(() => void knock(), KNOCK_MS)
    return () => {
      clearInterval(timer)
      void client.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' && state.data === undefined })
    }
  }, [isAnswering, client])
  return isAnswering
}

function useIsSlow(): boolean {
  const isLoading = useIsFetching() > 0
  const [isSlow, setIsSlow] = useState(false)
  useEffect(() => {
    if (!isLoading) return
    const timer = setTimeout(() => setIsSlow(true), SLOW_AFTER_MS)
    return () => {
      clearTimeout(timer)
      setIsSlow(false)
    }
  }, [isLoading])
  return isSlow
}

function subscribe(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}
