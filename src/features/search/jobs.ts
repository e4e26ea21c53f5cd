// The jobs of search: count words and phrases, learn popular queries, delete old lists, refresh popularity.

import { MINUTE } from '../../base/clock.ts'
import type { Job } from '../../base/job.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Segmenter } from '../../engines/search/analysis/segmenter.ts'
import type { Indexer } from '../../engines/search/follow/entries.ts'
import { stalePopularity } from '../../engines/search/follow/source.sql.ts'
import type { PostgresSearch } from '../../engines/search/postgres/postgres.ts'
import { operatorWords } from '../../engines/search/postgres/words.sql.ts'
import type { SearchEngine } from '../../engines/search/search.ts'
import { PHRASE_WEIGHTS } from '../../engines/search/weights.ts'
import { refreshPhrases, refreshTerms } from '../../engines/search/word-statistics.ts'
import { HOT_VIEWERS_MIN } from './hot-queries.ts'
import { deleteExpiredLists, deleteOldOpenings, deleteOldQueries, listNames, listPopularQueries } from './search.sql.ts'
import { isSensitive } from './sensitive.ts'

/** The topics of the news change within a week. */
const LEARN_DAYS = 7
/** The statistics compare what was searched for in one week with the week before. */
const ASKED_DAYS = 15
/** As long as other exposures are remembered. */
const OPENING_DAYS = 30
/** Far more than readers are shown. */
const LEARN_MAX = 2_000
const POPULARITY_MAX = 2_000
const BATCH = 500

export interface JobNeeds {
  db: Db
  segmenter: Segmenter
  postgres: PostgresSearch
  engines: SearchEngine[]
  indexer: Indexer
}

export function createSearchJobs(needs: JobNeeds): Job[] {
  const { db, postgres, engines, indexer } = needs
  return [
    {
      name: 'search-words',
      about: 'counts the words and phrases of titles, for ranking, corrections and suggestions',
      schedule: 'every 1h',
      timeoutMs: 10 * MINUTE,
      run: () => learnWords(needs),
    },
    {
      name: 'search-queries',
      about: 'learns queries of at least three viewers as suggestions, and deletes old lists of results and what was opened from them',
      schedule: 'every 1m',
      async run() {
        const popular = await listPopularQueries(db, { days: LEARN_DAYS, viewersMin: HOT_VIEWERS_MIN, limit: LEARN_MAX })
        const phrases = popular
          .filter(({ query }) => !isSensitive(query))
          .map(({ query, viewers }) => ({ text: query, kind: 'query' as const, weight: PHRASE_WEIGHTS.query * Math.log(1 + viewers) }))
        for (const engine of engines) await engine.put({ phrases })
        const lists = await deleteExpiredLists(db, BATCH)
        const queries = await deleteOldQueries(db, ASKED_DAYS, BATCH)
        const openings = await deleteOldOpenings(db, OPENING_DAYS, BATCH)
        return { learnt: phrases.length, lists, asked: queries, openings }
      },
    },
    {
      name: 'search-popularity',
      about: 'tells the index how often articles are read',
      schedule: 'every 10m',
      async run() {
        const ids = await stalePopularity(db, (await postgres.live()).slot, POPULARITY_MAX)
        for (let from = 0; from < ids.length; from += BATCH)
          for (const engine of engines) await indexer.refresh(engine, ids.slice(from, from + BATCH))
        return { refreshed: ids.length }
      },
    },
  ]
}

export async function learnWords({ db, segmenter, postgres, engines }: JobNeeds) {
  segmenter.useWords(await operatorWords(db))
  const { slot } = await postgres.live()
  const named = (await listNames(db)).map(({ text, kind, docs }) => ({ text, kind, weight: PHRASE_WEIGHTS[kind] * Math.log(1 + docs) }))
  const { terms } = await refreshTerms(db, slot)
  const { phrases } = await refreshPhrases(db, { slot, segmenter, engines, named })
  return { terms, phrases }
}
