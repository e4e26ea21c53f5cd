// Where the unsaved text of a new article is kept: `new`, or `new-2` … `new-9` if other tabs of this browser write articles, too.
// A tab holds a lock on its key. The browser frees the lock with the tab, so the next one finds the text again.

import { useEffect, useState } from 'react'

/** As many as the server takes. */
const KEYS = ['new', ...Array.from({ length: 8 }, (_, i) => `new-${i + 2}`)]
/** A tab that is loaded again has its own lock of before freed by then. */
const LOCK_WAIT_MS = 200

const held = new Map<string, Promise<string>>()

/** Undefined until a key is found. A tab keeps its key. */
export function useNewDraftKey(writer: string): string | undefined {
  const [key, setKey] = useState<string>()
  useEffect(() => {
    const taken = held.get(writer) ?? takeKey(writer)
    held.set(writer, taken)
    void taken.then(setKey)
  }, [writer])
  return key
}

async function takeKey(writer: string): Promise<string> {
  // Browsers have no locks on pages without TLS.
  if ('locks' in navigator) for (const key of KEYS) if (await takeLock(`draft ${writer} ${key}`)) return key
  return 'new'
}

const takeLock = (name: string): Promise<boolean> =>
  new Promise(resolve => {
    const keep = () => {
      resolve(true)
      return new Promise(() => {})
    }
    navigator.locks.request(name, { signal: AbortSignal.timeout(LOCK_WAIT_MS) }, keep).catch(() => resolve(false))
  })
