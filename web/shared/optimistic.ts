// Shows what a reader did before the server has heard of it. If the server refuses, it is undone and a sentence says so.

import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api/client.ts'
import { type NoticeAction, showNotice } from './notice.tsx'
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

interface UndoableChange extends Change {
  /** Takes it back on the server. */
  undo: () => Promise<unknown>
  /** The notice with the button that undoes it. */
  done: string
  /** Beside that button: where it can be undone later. */
  later?: NoticeAction
  /** Called when the server has taken it, and again after an undo. */
  changed?: () => void
}

export async function changeWithUndo({ show, send, explain, undo, done, later, changed }: UndoableChange): Promise<void> {
  let takeBack = () => {}
  const holds = await changeOptimistically({ show: () => (takeBack = show()), send, explain })
  if (!holds) return
  changed?.()
  const run = () => void changeOptimistically({ show: () => (takeBack(), show), send: undo }).then(changed)
  showNotice(done, { label: sharedWords.undo, run }, later)
}

/** Resolves when every change is answered, also those that are made meanwhile. */
export async function changesAnswered(): Promise<void> {
  for (let last: unknown; last !== lastSent; ) {
    last = lastSent
    await last
  }
}

/** Changes what is loaded under a key, if anything is. What is being loaded there is given up: it may be from before the change. */
export function editLoaded<Data>(client: QueryClient, queryKey: readonly unknown[], edit: (loaded: Data) => Data): void {
  if (client.getQueryData(queryKey) === undefined) return
  void client.cancelQueries({ queryKey, exact: true })
  client.setQueryData<Data>(queryKey, loaded => loaded && edit(loaded))
}

/** Returns what takes the change back by `undo`: what was changed since then stays. */
export function patchLoaded<Data>(
  client: QueryClient,
  queryKey: readonly unknown[],
  change: (loaded: Data) => Data,
  undo: (loaded: Data) => Data,
): () => void {
  editLoaded(client, queryKey, change)
  return () => editLoaded(client, queryKey, undo)
}

/** Takes an item out of the loaded pages of a list. Returns what puts it back. */
export function removeFromPages<Item>(client: QueryClient, queryKey: readonly unknown[], isIt: (item: Item) => boolean): () => void {
  type Loaded = InfiniteData<{ results: Item[] }>
  const pages = client.getQueryData<Loaded>(queryKey)?.pages ?? []
  const pageIndex = pages.findIndex(({ results }) => results.some(isIt))
  const at = pages[pageIndex]?.results.findIndex(isIt) ?? -1
  const item = pages[pageIndex]?.results[at]
  const editResults = (edit: (results: Item[], index: number, loaded: Loaded) => Item[]) => (loaded: Loaded) => ({
    ...loaded,
    pages: loaded.pages.map((page, i) => ({ ...page, results: edit(page.results, i, loaded) })),
  })
  return patchLoaded<Loaded>(
    client,
    queryKey,
    editResults(results => results.filter(each => !isIt(each))),
    editResults((results, i, loaded) => {
      const isBack = loaded.pages.some(page => page.results.some(isIt))
      return item === undefined || i !== pageIndex || isBack ? results : results.toSpliced(at, 0, item)
    }),
  )
}

export function explainFailure(err: unknown, explain?: Explain): string | undefined {
  if (!(err instanceof ApiError)) return navigator.onLine ? sharedWords.notSaved : sharedWords.notSavedOffline
  if (err.status === 401) return sharedWords.signInAgain
  if (err.status === 429) return sharedWords.tooManyTries
  return explain && err.status < 500 ? explain(err) : sharedWords.notSaved
}
