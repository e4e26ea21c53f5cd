import { useSyncExternalStore } from 'react'
import { words } from '../reader/words.ts'

function useOnline(): boolean {
  return useSyncExternalStore(
    hear => {
      addEventListener('online', hear)
      addEventListener('offline', hear)
      return () => {
        removeEventListener('online', hear)
        removeEventListener('offline', hear)
      }
    },
    () => navigator.onLine,
  )
}

export function OfflineNotice() {
  const online = useOnline()
  return <div role="status">{!online && <p className="offline">{words.offline}</p>}</div>
}
