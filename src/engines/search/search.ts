// The port: what an index can do. Two engines stand behind it, PostgreSQL and OpenSearch, and one contract test is run on
// both. An index is a hint: everything in it can be made again from the rows.

import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Analyzed } from './analysis/analyze.ts'
import type { Query } from './query.ts'

/** An article as the index sees it. A higher version replaces a lower one, whatever order they come in. */
export interface Entry {
  id: ArticleId
  version: bigint
  authorId: ReaderId
  channelId: ChannelId
  publishedAt: number
  covers: number
  /** How often it was read, and the like. */
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
  /** Whom the viewer does not want to hear of. */
  hiddenAuthors?: ReaderId[]
}

export interface Find {
  query: Query
  filters: Filters
  order: 'relevance' | 'time'
  most: number
  now: number
  /** Nothing rather than articles that lack some of the words; where some have all, the others follow in any case. */
  wholeOnly?: boolean
}

export interface Found {
  /** Best first, each once. */
  ids: ArticleId[]
  /** So many of them, those at the beginning, have all words. */
  whole: number
}

/** What something readers may look for is called, and how it is typed. */
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

/** Which of an engine's two places is meant: the one that answers, or the one that is built beside it. */
export type Place = 'live' | 'aside'

export interface SearchEngine {
  name: 'postgres' | 'opensearch'
  put(batch: Batch, place?: Place): Promise<void>
  get(id: ArticleId): Promise<{ version: bigint; title: string; channelId: ChannelId; authorId: ReaderId; publishedAt: number } | undefined>
  /** Those of them that can be found. */
  exists(ids: ArticleId[], place?: Place): Promise<Set<ArticleId>>
  /** Nothing with a lower version comes back afterwards. */
  remove(removals: Removal[], place?: Place): Promise<void>
  find(asked: Find): Promise<Found>
  /** Phrases that what was typed may become, likeliest first. */
  suggest(typed: string, most: number): Promise<string[]>
  /**
   * `begin` empties the place aside. `prepare`, when most of it is there, makes it fast to search. `finish` lets it answer, in one
   * step: who asks meanwhile is answered by the one or the other.
   */
  swap(step: 'begin' | 'prepare' | 'finish'): Promise<void>
  close(): Promise<void>
}
