// A line at the top of the screen while the browser is offline, or while something has been loading for long.

import { useIsFetching } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { sharedWords } from './words.ts'

const SLOW_AFTER_MS = 4_000 // then readers begin to wonder whether anything happens

/** `children`: a way to what can be read offline. */
export function ConnectionNotice({ children }: { children?: ReactNode }) {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine)
  const isSlow = useIsSlow()
  return (
    <div className="connection" role="status">
      {!isOnline ? (
        <p>
          {sharedWords.offline} {children}
        </p>
      ) : (
        isSlow && <p>{sharedWords.slow}</p>
      )}
    </div>
  )
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
