// One search, from what was typed to a list of ids: what was typed, or else what may have been meant.

import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../database/database.ts'
import type { QueryParser } from './query.ts'
import { rephrase } from './rephrase.ts'
import type { Filters, SearchEngine } from './search.ts'

export interface Asked {
  typed: string
  filters: Filters
  order: 'relevance' | 'time'
  most: number
  now: number
}

export interface Answer {
  ids: ArticleId[]
  /** What is shown instead of what was typed, which nothing has. */
  instead?: string
}

export async function answer(asked: Asked, { db, engine, parser }: { db: Db; engine: SearchEngine; parser: QueryParser }): Promise<Answer> {
  const { typed, ...rest } = asked
  const query = parser.parse(typed)
  const found = await engine.find({ query, ...rest, wholeOnly: true })
  if (found.whole > 0) return { ids: found.ids }
  const ids = new Set<ArticleId>()
  let instead: string | undefined
  for (const way of await rephrase(db, typed)) {
    const other = await engine.find({ query: parser.parse(way), ...rest, wholeOnly: true })
    if (other.whole === 0) continue
    instead ??= way
    for (const id of other.ids) ids.add(id)
  }
  if (instead === undefined) return { ids: (await engine.find({ query, ...rest })).ids }
  return { ids: [...ids].slice(0, rest.most), instead }
}
