// One search: the ids for what the reader typed. If no article has all its words, other queries are tried (rephrase.ts).

import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../database/database.ts'
import type { QueryParser } from './query.ts'
import { rephrase } from './rephrase.ts'
import type { Filters, SearchEngine } from './search.ts'

export interface SearchRequest {
  typed: string
  filters: Filters
  order: 'relevance' | 'time'
  limit: number
  now: number
}

export interface Answer {
  ids: ArticleId[]
  /** The query that was searched instead, because no article has all words of the typed one. */
  instead?: string
  /** How many of them, from the first on, have all words of the typed query; others follow. */
  allWordsCount: number
}

export async function searchOrRephrase(
  request: SearchRequest,
  { db, engine, parser }: { db: Db; engine: SearchEngine; parser: QueryParser },
): Promise<Answer> {
  const { typed, ...rest } = request
  const query = parser.parse(typed)
  const found = await engine.find({ query, ...rest, allWordsOnly: true })
  if (found.allWordsCount > 0) return found
  const ids = new Set<ArticleId>()
  let instead: string | undefined
  for (const way of await rephrase(db, typed)) {
    const other = await engine.find({ query: parser.parse(way), ...rest, allWordsOnly: true })
    if (other.allWordsCount === 0) continue
    instead ??= way
    for (const id of other.ids) ids.add(id)
  }
  if (instead === undefined) return { ids: (await engine.find({ query, ...rest })).ids, allWordsCount: 0 }
  return { ids: [...ids].slice(0, rest.limit), allWordsCount: 0, instead }
}
