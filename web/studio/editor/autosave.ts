// Sends what stands in the editor to the server a few seconds after a change, so that a tab can be lost at any time.

import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import { ApiError, callApi } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import type { ArticleDraft } from './article-draft.ts'
import { useIsMounted } from './use-is-mounted.ts'

/** Of the text. With title and pictures that is less than browsers send of a page that was left, also if each character has three bytes. */
const KEEPALIVE_LENGTH_MAX = 20_000
/** What a creator would not mind to type again. */
const DELAY_MS = 3_000
const TOO_MANY = 429

/** What the last editor sent when it was left. */
let sentByLeft = Promise.resolve()

/** Resolves when the text that the last editor sent on its way out is stored, or has failed to be. */
export const awaitLeftEditor = (): Promise<void> => sentByLeft

export type AutosaveState = 'idle' | 'changed' | 'saving' | 'saved' | 'failed'

export interface Autosave {
  state: AutosaveState
  savedAt: number | undefined
  /** To be called after every change. */
  changed: () => void
  /** Resolves when nothing is being sent. Then the article itself can be saved, which deletes the autosave. */
  stop: () => Promise<void>
  /** Goes on after `stop`, under this key. True if something has changed since. */
  resume: (key: string) => boolean
}

/** Kept under `key`, the article's id or that of a new draft. `read` returns what stands in the editor now. */
export function useAutosave(key: string, read: () => ArticleDraft): Autosave {
  const [writer] = useState(currentViewer)
  const [state, setState] = useState<AutosaveState>('idle')
  const [savedAt, setSavedAt] = useState<number>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sending = useRef<Promise<void>>(undefined)
  const isStopped = useRef(false)
  const changedSinceStop = useRef(false)
  const isMounted = useIsMounted()
  const latest = useRef({ key, read })
  latest.current = { key, read }

  /** `leaving`: what to send, because the text editor goes now. */
  const send = useCallback(
    async (leaving?: ArticleDraft) => {
      clearTimeout(timer.current)
      timer.current = undefined
      if (sending.current) await sending.current // else at once: a page that is left waits for nothing
      if (currentViewer() !== writer) return // another person has signed in
      if (isStopped.current) {
        changedSinceStop.current = true // `stop` was called while this waited
        return
      }
      const { key: keyNow, read: readNow } = latest.current
      const content = leaving ?? readNow()
      setState('saving')
      sending.current = callApi<{ saved_at: string }>(`studio/autosaves/${keyNow}`, {
        generation: 'v1',
        method: 'PUT',
        body: { content },
        keepalive: leaving !== undefined && content.content.length < KEEPALIVE_LENGTH_MAX,
      }).then(
        ({ saved_at }) => {
          setSavedAt(Date.parse(saved_at))
          setState(timer.current === undefined ? 'saved' : 'changed')
        },
        (err: unknown) => {
          setState('failed')
          const isRefused = err instanceof ApiError && err.status < 500 && err.status !== TOO_MANY // again would be refused again
          if (!isStopped.current && !isRefused) timer.current ??= setTimeout(() => void send(), DELAY_MS)
        },
      )
      await sending.current
      sending.current = undefined
    },
    [writer],
  )

  const changed = useCallback(() => {
    setState('changed')
    if (isStopped.current) changedSinceStop.current = true
    else timer.current ??= setTimeout(() => void send(), DELAY_MS)
  }, [send])

  const stop = useCallback(async () => {
    isStopped.current = true
    changedSinceStop.current = false
    clearTimeout(timer.current)
    timer.current = undefined
    await sending.current
    setState('idle')
  }, [])

  const resume = useCallback(
    (keyNow: string) => {
      isStopped.current = false
      latest.current.key = keyNow
      if (!changedSinceStop.current) return false
      if (isMounted()) changed()
      else void send() // the creator has left the screen meanwhile
      return true
    },
    [changed, send, isMounted],
  )

  // When the creator leaves the screen or hides the tab, the last changes are sent at once. A layout effect, because it ends while
  // the text editor is still there to be read.
  useLayoutEffect(() => {
    const flush = (): Promise<void> | undefined => {
      if (timer.current !== undefined) return send(latest.current.read())
      if (isStopped.current) latest.current.read() // keeps the text for `resume`
      return sending.current
    }
    document.addEventListener('visibilitychange', flush)
    return () => {
      document.removeEventListener('visibilitychange', flush)
      sentByLeft = flush() ?? sentByLeft
    }
  }, [send])

  return { state, savedAt, changed, stop, resume }
}
