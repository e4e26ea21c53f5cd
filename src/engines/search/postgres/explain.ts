// Explains an article's place among the results of a query: its score, part by part.

import type { ArticleId } from '../../../base/id.ts'
import type { Db } from '../../database/database.ts'
import type { Query } from '../query.ts'
import { COVERAGE_LEAST, COVERAGE_MIN } from '../weights.ts'
import { explainRanked } from './find.sql.ts'
import { partsOf, relaxedQuery, weightsOf } from './parts.ts'
import type { Live } from './slots.sql.ts'
import { anyQuery, sequenceQuery, strictQuery } from './tsquery.ts'
import { createWordCounts } from './word-counts.ts'

/** Undefined: the index does not have the article. */
export async function explain(db: Db, { slot, places }: Live, typed: Query, id: ArticleId, now: number) {
  const counted = await createWordCounts({ db })(typed)
  const { query } = counted
  const parts = partsOf(counted, places)
  const weights = parts.length > 0 ? weightsOf(parts) : undefined
  const relaxed = [COVERAGE_MIN, COVERAGE_LEAST].map(share => relaxedQuery(counted, parts, share)?.match)
  const ways = [strictQuery(query), ...relaxed].filter(match => match !== undefined)
  const request = {
    slot,
    isTagged: true,
    any: anyQuery(query),
    phrase: query.row && sequenceQuery(query.row),
    coverageMin: 0,
    filters: {},
    order: 'relevance' as const,
    limit: 1,
    candidatesMax: 1,
    now,
  }
  // As it is searched: with all words, else with most of them.
  for (const [i, match] of ways.entries()) {
    const found = await explainRanked(db, { ...request, match, parts: weights }, id)
    if (!found) return undefined
    if (found.found === 0 && i + 1 < ways.length) continue
    const { coverage, words, proximity, phrase, text, freshness, popularity } = found
    return {
      query: match,
      is_found: found.found === 1,
      has_all_words: found.found === 1 && i === 0,
      share_of_words: coverage,
      score: coverage * (words + proximity + phrase + text) * (1 + freshness + popularity),
      title: { words, proximity, phrase },
      text,
      boost: { freshness, popularity },
    }
  }
}
