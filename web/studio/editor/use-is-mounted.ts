import { useCallback, useLayoutEffect, useRef } from 'react'

/** For what ends after the creator may have left the screen. */
export function useIsMounted(): () => boolean {
  const isMounted = useRef(false)
  useLayoutEffect(() => {
    isMounted.current = true
    return () => {
      isMounted.current = false
    }
  }, [])
  return useCallback(() => isMounted.current, [])
}
