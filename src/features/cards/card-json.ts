// In-memory cache of the static part of each card's JSON, as bytes; live fields (counts, traces) are appended per request.
// Serialising a card for each request would take three times as long as the rest of a page, and as long again to encode.
// The change log invalidates entries. If the log is behind, cards are rebuilt from their rows; if PostgreSQL is down too,
// stale entries are served.

import { LRUCache } from 'lru-cache'
import type { Change } from '../../base/change.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { withTimeout } from '../../base/timeout.ts'
import type { CardSource, LoadCards } from './card-rows.ts'

/** Writes an id in the form of the generation that asks. */
export type WriteId = (id: bigint) => string

export interface CardJson {
  /** The static part of an article's card, without its closing brace; undefined for articles readers may not see. */
  of(ids: readonly ArticleId[], writeId: WriteId): Promise<(id: ArticleId) => Buffer | undefined>
  applyChanges(changes: readonly Change[]): void
  clear(): void
  /** Grows with each change applied. */
  version(): number
}

interface CardJsonEntry {
  source: CardSource
  /** One for each form of ids, of which there are two. */
  json: Map<WriteId, Buffer>
}

const ARTICLES_MAX = 20_000 // some 20 MB
const ROWS_TIMEOUT_MS = 500 // a hundred times the usual duration

export interface CardJsonNeeds {
  loadCards: LoadCards
  /** Whether the change log has been read up to a moment ago, so that cached entries are valid. */
  current: () => boolean
  absoluteUrl: (path: string) => string
  localTime: (at: Date) => string
}

export function createCardJson({ loadCards, current, absoluteUrl, localTime }: CardJsonNeeds): CardJson {
  const entries = new LRUCache<ArticleId, CardJsonEntry>(entriesMax(ARTICLES_MAX))
  // A row that was loaded while a change came in may be stale: it is used once and not cached.
  let version = 0

  function serialize(source: CardSource, writeId: WriteId): Buffer {
    const cover = { type: source.cover.length, images: source.cover.map(absoluteUrl) }
    return Buffer.from(
      `{"art_id":${writeId(source.id)},"title":${JSON.stringify(source.title)},"aut_id":${writeId(source.author_id)},"aut_name":${JSON.stringify(source.authorName)},"pubdate":"${localTime(source.published_at)}","ch_id":${source.channel_id},"cover":${JSON.stringify(cover)},"is_top":0`,
    )
  }

  return {
    async of(ids, writeId) {
      const versionBefore = version
      const reloaded = current() ? undefined : await withTimeout(ROWS_TIMEOUT_MS, loadCards(ids), () => undefined).catch(() => undefined)
      // Entries are taken before anything else is awaited, because they may be invalidated in the meantime.
      const found = new Map(ids.map(id => [id, reloaded ? undefined : entries.get(id)]))
      const missing = ids.filter(id => found.get(id) === undefined)
      for (const source of reloaded ?? (missing.length > 0 ? await loadCards(missing) : [])) {
        const entry: CardJsonEntry = { source, json: new Map() }
        found.set(source.id, entry)
        if (version === versionBefore) entries.set(source.id, entry)
      }
      return id => {
        const entry = found.get(id)
        if (!entry) return undefined
        let json = entry.json.get(writeId)
        if (json === undefined) entry.json.set(writeId, (json = serialize(entry.source, writeId)))
        return json
      }
    },

    version: () => version,

    clear() {
      version++
      entries.clear()
    },

    applyChanges(changes) {
      version += changes.length
      const readers = new Set<ReaderId>()
      for (const { topic, key } of changes) {
        if (topic === 'article') entries.delete(key as ArticleId)
        if (topic === 'reader') readers.add(key as ReaderId)
      }
      if (readers.size === 0) return
      for (const [id, { source }] of entries.entries()) if (readers.has(source.author_id)) entries.delete(id)
    },
  }
}
