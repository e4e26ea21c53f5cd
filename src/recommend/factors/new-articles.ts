// Articles that came since the factors were trained. One gets a vector as training would give it one: it is fitted to the vectors of
// those who clicked it, and these to what else they clicked.

import { LRUCache } from 'lru-cache'
import type { ArticleId } from '../../base/id.ts'
import { createFoldIn, type Gram } from './ials.ts'
import { FACTOR_OPTIONS } from './reading-model.ts'

/** Some 10 MB: the newest clicks of each viewer, and the newest readers of each article that was clicked of late. */
const [VIEWERS_MAX, CLICKS_MAX, ARTICLES_MAX, READERS_MAX] = [20_000, 20, 2_000, 20]
/** As in training: of fewer, a vector says what these few read beside. */
export const READERS_MIN = 3

const { width } = FACTOR_OPTIONS

/** What is trained. `vectorOf`: a viewer's, by what they clicked; undefined if nothing is known of that. */
export interface Trained {
  has(id: ArticleId): boolean
  vectorOf(clicked: readonly ArticleId[]): Float32Array | undefined
  users: Gram
}

/** As a snapshot has them, the oldest first. */
export interface SavedClicks {
  viewers: string[]
  clicks: { sizes: Uint8Array; ids: BigInt64Array }
  ids: BigInt64Array
  readers: { sizes: Uint8Array; viewers: string[] }
}

export function createNewArticles() {
  const clicksOf = new LRUCache<string, ArticleId[]>({ max: VIEWERS_MAX })
  const readersOf = new LRUCache<ArticleId, string[]>({ max: ARTICLES_MAX, dispose: (_, id) => void vectors.delete(id) })
  const vectors = new Map<ArticleId, Float32Array>()
  const unfitted = new Set<ArticleId>()
  let trained: Trained | undefined

  function fit(id: ArticleId): void {
    unfitted.delete(id)
    if (!trained || trained.has(id)) return
    const { vectorOf, users } = trained
    const found = (readersOf.peek(id) ?? []).flatMap(viewer => vectorOf(clicksOf.peek(viewer) ?? []) ?? [])
    if (found.length < READERS_MIN) return
    const readers = new Float32Array(found.length * width)
    for (const [i, vector] of found.entries()) readers.set(vector, i * width)
    vectors.set(id, createFoldIn(readers, FACTOR_OPTIONS, users)(Array.from(found.keys())))
  }

  return {
    use(next: Trained | undefined): void {
      trained = next
      vectors.clear()
      for (const id of readersOf.keys()) if (trained && !trained.has(id)) unfitted.add(id)
    },
    click(viewer: string, id: ArticleId): void {
      const clicks = listOf(clicksOf, viewer)
      if (clicks.includes(id)) return
      push(clicks, id, CLICKS_MAX)
      push(listOf(readersOf, id), viewer, READERS_MAX)
      if (trained && !trained.has(id)) unfitted.add(id)
    },
    /** Fits one that waits for it; takes up to half a millisecond. Whether there was one. */
    fitNext(): boolean {
      for (const id of unfitted) {
        fit(id)
        return true
      }
      return false
    },
    all: (): Iterable<[ArticleId, Float32Array]> => vectors,
    save(): SavedClicks {
      const clicks = [...clicksOf.rvalues()] as ArticleId[][]
      const readers = [...readersOf.rvalues()] as string[][]
      return {
        viewers: [...clicksOf.rkeys()],
        clicks: { sizes: sizesOf(clicks), ids: BigInt64Array.from(clicks.flat()) },
        ids: BigInt64Array.from(readersOf.rkeys()),
        readers: { sizes: sizesOf(readers), viewers: readers.flat() },
      }
    },
    /** Before the first click. */
    restore({ viewers, clicks, ids, readers }: SavedClicks): void {
      let from = 0
      for (const [i, viewer] of viewers.entries())
        clicksOf.set(viewer, Array.from(clicks.ids.subarray(from, (from += clicks.sizes[i] as number))) as ArticleId[])
      from = 0
      for (const [i, id] of (Array.from(ids) as ArticleId[]).entries()) {
        readersOf.set(id, readers.viewers.slice(from, (from += readers.sizes[i] as number)))
        if (trained && !trained.has(id)) unfitted.add(id)
      }
    },
  }
}

const sizesOf = (lists: readonly unknown[][]) => Uint8Array.from(lists, list => list.length)

function listOf<K extends string | bigint, V>(lists: LRUCache<K, V[]>, key: K): V[] {
  let list = lists.get(key)
  if (!list) lists.set(key, (list = []))
  return list
}

function push<V>(newest: V[], value: V, most: number): void {
  newest.push(value)
  if (newest.length > most) newest.shift()
}
