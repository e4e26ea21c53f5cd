// The part of a card that stays the same for everybody, written as JSON once and spliced into every answer after that:
// writing it anew takes three times as long as everything else a page needs, and turning it into bytes for the socket as
// long again. What is live (counts, traces) is appended.
// A hint in memory; the change log says which articles have to be written anew. While it is not heard all are, as long as
// their rows can be had.

import { LRUCache } from 'lru-cache'
import type { Change } from '../../base/change.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { withTimeout } from '../../base/timeout.ts'
import type { CardSource, LoadCards } from './card-rows.ts'

/** Writes an id as the generation that asks wants it. */
export type WriteId = (id: bigint) => string

export interface CardJson {
  /** The beginning of an article's card, without its closing brace; undefined for what readers may not see. */
  of(ids: readonly ArticleId[], writeId: WriteId): Promise<(id: ArticleId) => Buffer | undefined>
  applyChanges(version: readonly Change[]): void
  clear(): void
  /** How many changes it has been told of. */
  changes(): number
}

interface CardJsonEntry {
  row: CardSource
  /** By the way ids are written, which are two. */
  texts: Map<WriteId, Buffer>
}

const ARTICLES_MAX = 20_000 // some 20 MB
const ROWS_MS = 500 // a hundred times what they take

export interface CardJsonNeeds {
  loadCards: LoadCards
  /** Whether changes are being heard at this moment. */
  current: () => boolean
  absoluteUrl: (path: string) => string
  localTime: (at: Date) => string
}

export function createCardJson({ loadCards, current, absoluteUrl, localTime }: CardJsonNeeds): CardJson {
  const kept = new LRUCache<ArticleId, CardJsonEntry>({ max: ARTICLES_MAX })
  // Counts what came in; a row that was read while something changed is used once and not kept.
  let changes = 0

  function write(row: CardSource, writeId: WriteId): Buffer {
    const cover = { type: row.cover.length, images: row.cover.map(absoluteUrl) }
    return Buffer.from(
      `{"art_id":${writeId(row.id)},"title":${JSON.stringify(row.title)},"aut_id":${writeId(row.author_id)},"aut_name":${JSON.stringify(row.authorName)},"pubdate":"${localTime(row.published_at)}","ch_id":${row.channel_id},"cover":${JSON.stringify(cover)},"is_top":0`,
    )
  }

  return {
    async of(ids, writeId) {
      // Rows know how long they may be given while nothing is heard; where they cannot be had soon, what is kept is all there is.
      const good = current() || !(await withTimeout(ROWS_MS, loadCards(ids), () => undefined).catch(() => undefined))
      // What is known is taken now: while the rest is loaded it may be forgotten.
      const found = new Map(ids.map(id => [id, good ? kept.get(id) : undefined]))
      const missing = ids.filter(id => found.get(id) === undefined)
      const before = changes
      for (const row of missing.length > 0 ? await loadCards(missing) : []) {
        const fragment: CardJsonEntry = { row, texts: new Map() }
        found.set(row.id, fragment)
        if (before === changes) kept.set(row.id, fragment)
      }
      return id => {
        const fragment = found.get(id)
        if (!fragment) return undefined
        let text = fragment.texts.get(writeId)
        if (text === undefined) fragment.texts.set(writeId, (text = write(fragment.row, writeId)))
        return text
      }
    },

    changes: () => changes,

    clear() {
      changes++
      kept.clear()
    },

    applyChanges(list) {
      changes += list.length
      const readers = new Set<ReaderId>()
      for (const { topic, key } of list) {
        if (topic === 'article') kept.delete(key as ArticleId)
        if (topic === 'reader') readers.add(key as ReaderId)
      }
      if (readers.size === 0) return
      for (const [id, { row }] of kept.entries()) if (readers.has(row.author_id)) kept.delete(id)
    },
  }
}
