import { type Static, Type } from 'typebox'
import type { ChannelId, ReaderId } from '../../base/id.ts'
import { PagingQuery } from '../../http/paging.ts'
import { Bool, Count, Id, Int, Optional, Text } from '../../http/wire.ts'
import { LikedCard } from '../lists/lists.schema.ts'

/** The contract's length of a query. */
export const QUERY_MAX = 50
const QUERY = Text(1, QUERY_MAX)
const TIME_MAX = 8_640_000_000_000_000 // the last moment a date can name
const CHANNEL_MAX = 2 ** 31 - 1

export const SearchQuery = Type.Object({
  q: QUERY,
  ...PagingQuery,
  channel_id: Optional(Int(0, CHANNEL_MAX)),
  aut_id: Optional(Id<ReaderId>()),
  /** Milliseconds since 1970. */
  after: Optional(Int(0, TIME_MAX)),
  before: Optional(Int(0, TIME_MAX)),
  /** Whether the article has cover pictures. */
  cover: Optional(Bool()),
  sort: Optional(Type.Union([Type.Literal('relevance'), Type.Literal('time')])),
})
export type SearchQuery = Static<typeof SearchQuery>

export const SuggestionQuery = Type.Object({ q: QUERY })
/** An empty `q` counts as missing, like every empty value of a query. */
export const ForgetQuery = Type.Object({ q: Optional(Text(0, QUERY_MAX)) })

/** A card, and the ranges of its title (UTF-16 units) that match the query; the client decides how to show them. */
export const Result = Type.Object({
  ...LikedCard.properties,
  highlights: Type.Array(Type.Unsafe<[start: number, end: number]>({ type: 'array', items: Type.Integer(), minItems: 2, maxItems: 2 })),
})
export type Result = Static<typeof Result>

export const SearchPage = Type.Object({
  total_count: Count(),
  page: Type.Integer(),
  per_page: Type.Integer(),
  results: Type.Array(Result),
  /** The query that was searched instead, because no article has all words of the typed one. */
  instead: Type.Optional(Type.String()),
  /** Authors and channels with this name prefix, on the first page only. */
  authors: Type.Array(Type.Object({ aut_id: Id<ReaderId>(), aut_name: Type.String() })),
  channels: Type.Array(Type.Object({ id: Type.Unsafe<ChannelId>({ type: 'integer' }), name: Type.String() })),
})
export type SearchPage = Static<typeof SearchPage>

export const Options = Type.Object({ options: Type.Array(Type.String()) })
export const Keywords = Type.Object({ keywords: Type.Array(Type.String()) })
export const HotSearches = Type.Object({
  queries: Type.Array(
    Type.Object({
      query: Type.String(),
      viewers: Count(),
      trend: Type.Union([Type.Literal('new'), Type.Literal('up'), Type.Literal('same'), Type.Literal('down')]),
    }),
  ),
})
export type HotSearch = Static<typeof HotSearches>['queries'][number]
