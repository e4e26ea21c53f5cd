// The port of search, with two engines, PostgreSQL and OpenSearch, and one contract test for both. An index can be rebuilt
// from the rows at any time.

import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Analyzed } from './analysis/analyze.ts'
import type { Query } from './query.ts'

/** An article in the index. A higher version replaces a lower one, in whatever order they arrive. */
export interface Entry {
  id: ArticleId
  version: bigint
  authorId: ReaderId
  channelId: ChannelId
  publishedAt: number
  covers: number
  /** How often it was read. */
  popularity: number
  title: Analyzed
  body: Analyzed
}

export interface Removal {
  id: ArticleId
  version: bigint
}

export interface Filters {
  channelId?: ChannelId
  authorId?: ReaderId
  /** Milliseconds since 1970. */
  after?: number
  before?: number
  withCover?: boolean
  /** Authors that the reader blocks. */
  hiddenAuthors?: ReaderId[]
}

export interface FindRequest {
  query: Query
  filters: Filters
  order: 'relevance' | 'time'
  limit: number
  now: number
  /** If no article has all words, return none. Otherwise articles that lack a word follow in any case. */
  allWordsOnly?: boolean
}

export interface Found {
  /** Best first, each once. */
  ids: ArticleId[]
  /** How many have all words; they come first. */
  allWordsCount: number
}

/** A text that is suggested to readers. */
export interface Phrase {
  text: string
  kind: PhraseKind
  weight: number
}
export const PHRASE_KINDS = ['word', 'pair', 'keyword', 'title', 'author', 'channel', 'query'] as const
export type PhraseKind = (typeof PHRASE_KINDS)[number]

export interface Batch {
  entries?: Entry[]
  phrases?: Phrase[]
}

/** What completes what the reader typed, likeliest first. */
export interface Suggestions {
  phrases: string[]
  /** If there are fewer phrases than wanted: articles whose titles begin so. The index has normalised titles only. */
  titled: ArticleId[]
}

/** Which slot of an engine: the one that answers, or the one that is built aside. */
export type Place = 'live' | 'aside'

export interface SearchEngine {
  name: 'postgres' | 'opensearch'
  put(batch: Batch, place?: Place): Promise<void>
  get(id: ArticleId): Promise<{ version: bigint; title: string; channelId: ChannelId; authorId: ReaderId; publishedAt: number } | undefined>
  /** The ids that are in the index. */
  exists(ids: ArticleId[], place?: Place): Promise<Set<ArticleId>>
  /** A later `put` with a lower version has no effect. */
  remove(removals: Removal[], place?: Place): Promise<void>
  find(request: FindRequest): Promise<Found>
  suggest(typed: string, limit: number): Promise<Suggestions>
  /**
   * `begin` empties the slot aside. `prepare` builds its indexes, after most entries are in it. `finish` swaps the slots in one
   * step, so each search is answered by one of them.
   */
  swap(step: 'begin' | 'prepare' | 'finish'): Promise<void>
  close(): Promise<void>
}
