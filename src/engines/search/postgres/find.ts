// Finds the articles of a query: those with all words first, then, if these fill no page, those with most of the words.

import type { Db } from '../../database/database.ts'
import { isEmpty } from '../query.ts'
import type { FindRequest, Found } from '../search.ts'
import { CANDIDATES_MAX, COVERAGE_LEAST, COVERAGE_MIN, ENOUGH, RANKED_MAX } from '../weights.ts'
import { findRanked, type RankRequest } from './find.sql.ts'
import { partsOf, relaxedQuery, weightsOf } from './parts.ts'
import type { Live } from './slots.sql.ts'
import { slicesFor } from './tags.ts'
import { anyQuery, sequenceQuery, strictQuery } from './tsquery.ts'
import { createWordCounts } from './word-counts.ts'

export interface Searched extends Live {
  /** Whether its entries have tags, by which ranges and filters are answered. */
  isTagged: boolean
}

export function createFind({ db, live }: { db: Db; live: () => Promise<Searched> }) {
  const countWords = createWordCounts({ db })

  return async function find(request: FindRequest): Promise<Found> {
    const { filters, order, limit, now } = request
    if (isEmpty(request.query)) return { ids: [], allWordsCount: 0 }
    const [{ slot, places, isTagged }, counted] = await Promise.all([live(), countWords(request.query)])
    const { query } = counted
    // Without tags there are no ranges: all that match are read.
    const inRanges = isTagged ? places : 0
    const base = {
      slot,
      isTagged,
      any: anyQuery(query),
      phrase: query.row && sequenceQuery(query.row),
      filters,
      order,
      limit,
      now,
    }
    const strict = await findRanked(db, {
      ...base,
      ...newestOf(counted.docsMax(query.terms), inRanges),
      match: strictQuery(query),
      coverageMin: 0,
    })
    const allWordsCount = strict.length
    if (allWordsCount >= ENOUGH || query.terms.length < 2 || (allWordsCount === 0 && request.allWordsOnly))
      return { ids: strict, allWordsCount }
    const parts = partsOf(counted, places)
    const relax = async (coverageMin: number) => {
      const relaxed = relaxedQuery(counted, parts, coverageMin)
      if (!relaxed) return []
      return findRanked(db, {
        ...base,
        ...newestOf(relaxed.docsMax, inRanges),
        match: relaxed.match,
        parts: weightsOf(parts),
        coverageMin,
      })
    }
    let relaxed = await relax(COVERAGE_MIN)
    if (allWordsCount === 0 && relaxed.length === 0) relaxed = await relax(COVERAGE_LEAST)
    const known = new Set(strict)
    return { ids: [...strict, ...relaxed.filter(id => !known.has(id))].slice(0, limit), allWordsCount }
  }
}

/** If more articles than can be ranked are expected to match, the newest of them. If it is not known, all may match. */
function newestOf(docs: number, places: number): Pick<RankRequest, 'slices' | 'candidatesMax'> {
  if (docs <= RANKED_MAX || places === 0) return { candidatesMax: RANKED_MAX }
  if (docs === Number.POSITIVE_INFINITY) return { candidatesMax: RANKED_MAX, slices: slicesFor(places, places, RANKED_MAX) }
  return { candidatesMax: CANDIDATES_MAX, slices: slicesFor(docs, places, CANDIDATES_MAX) }
}
