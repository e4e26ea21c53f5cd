// Explains an article's place among the results of a query: its score, part by part.

import type { ArticleId } from '../../../base/id.ts'
import type { Db } from '../../database/database.ts'
import type { Query } from '../query.ts'
import { explainRanked } from './find.sql.ts'
import type { Live } from './slots.sql.ts'
import { anyQuery, sequenceQuery, strictQuery, termQuery } from './tsquery.ts'

export async function explain(db: Db, { slot }: Live, query: Query, id: ArticleId, now: number) {
  const parts = query.terms.map(term => ({ match: termQuery(term), weight: 1 }))
  const request = {
    slot,
    match: strictQuery(query),
    any: anyQuery(query),
    phrase: query.row && sequenceQuery(query.row),
    parts: parts.length > 0 ? parts : undefined,
    coverageMin: 0,
    filters: {},
    order: 'relevance' as const,
    limit: 1,
    candidatesMax: 1,
    now,
  }
  const found = await explainRanked(db, request, id)
  if (!found) return undefined
  const { found: whole, coverage, words, proximity, phrase, text, freshness, popularity } = found
  const boost = 1 + freshness + popularity
  return {
    query: request.match,
    has_all_words: whole === 1,
    share_of_words: coverage,
    score: coverage * (words + proximity + phrase + text) * boost,
    title: { words, proximity, phrase },
    text,
    boost: { freshness, popularity },
  }
}
