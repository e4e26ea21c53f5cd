// Shows what a reader did before the server has heard of it. If the server refuses, it is undone and a sentence says so.

import { ApiError } from './api/client.ts'
import { showNotice } from './notice.tsx'
import { sharedWords } from './words.ts'

/** Says what the server answered, in words for readers. Undefined for an answer that is as good as done. */
type Explain = (err: ApiError) => string | undefined

interface Change {
  /** Shows the effect. Returns what takes it back. */
  show: () => () => void
  send: () => Promise<unknown>
  explain?: Explain
}

let lastSent: Promise<unknown> = Promise.resolve()

/** Resolves to whether it holds. Changes are sent one after another, so that a like and its undoing arrive in their order. */
export async function changeOptimistically({ show, send, explain }: Change): Promise<boolean> {
  const takeBack = show()
  const sent = lastSent.then(send)
  lastSent = sent.catch(() => {})
  try {
    await sent
    return true
  } catch (err) {
    const sentence = explainFailure(err, explain)
    if (sentence === undefined) return true
    takeBack()
    showNotice(sentence)
    return false
  }
}

export function explainFailure(err: unknown, explain?: Explain): string | undefined {
  if (!(err instanceof ApiError)) return navigator.onLine ? sharedWords.notSaved : sharedWords.notSavedOffline
  if (err.status === 401) return sharedWords.signInAgain
  if (err.status === 429) return sharedWords.tooManyTries
  return explain && err.status < 500 ? explain(err) : sharedWords.notSaved
}
