// Search: the engines (PostgreSQL always, OpenSearch with SEARCH_URL), what keeps them in step with the rows, and the feature.

import { SECOND } from '../base/clock.ts'
import type { Task } from '../base/task.ts'
import { createAnalyze } from '../engines/search/analysis/analyze.ts'
import { createSegmenter } from '../engines/search/analysis/segmenter.ts'
import { createFailover } from '../engines/search/failover.ts'
import { createIndexer } from '../engines/search/follow/entries.ts'
import { createSearchFollower, type SearchFollower } from '../engines/search/follow/follower.ts'
import { type ReindexOptions, type ReindexReport, reindex } from '../engines/search/follow/reindex.ts'
import { createPostgresSearch } from '../engines/search/postgres/postgres.ts'
import { operatorWords } from '../engines/search/postgres/words.sql.ts'
import { createQueryParser } from '../engines/search/query.ts'
import type { SearchEngine } from '../engines/search/search.ts'
import type { Behaviours } from '../features/behaviours/behaviours.ts'
import type { Cards } from '../features/cards/cards.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { createSearchHistories } from '../features/search/histories.ts'
import { createSearchJobs, learnWords } from '../features/search/jobs.ts'
import { searchRoutes } from '../features/search/search.routes.ts'
import { createSearch, type Search } from '../features/search/search.ts'
import type { Infrastructure } from './infrastructure.ts'

/** A notification may be lost; then a change is indexed after this time. */
const POLL_MS = 500
/** After a failure an index is not copied anew at once: what made it fail may take a while. */
const RETRY_MS = 10 * SECOND

export type SearchParts = Awaited<ReturnType<typeof createSearchParts>>

/** Also used by the command line. */
export async function createSearchParts({ config, database, lags, log }: Infrastructure) {
  const { db, pool } = database
  const segmenter = createSegmenter()
  segmenter.useWords(await operatorWords(db))
  const analyze = createAnalyze(segmenter)
  const clock = () => performance.now()
  const postgres = createPostgresSearch({ db, pool, clock })
  // The library is loaded only where it is used.
  const opensearch = config.searchUrl
    ? (await import('../engines/search/opensearch/opensearch.ts')).createOpenSearch({ url: config.searchUrl })
    : undefined
  const engines: SearchEngine[] = opensearch ? [postgres, opensearch] : [postgres]
  const indexer = createIndexer({ db, analyze })
  const followers = new Map(
    engines.map(engine => [
      engine.name,
      createSearchFollower({ db, engine, indexer, lags: config.roles.has('worker') ? lags : undefined, log }),
    ]),
  )
  const followerOf = (engine: SearchEngine) => followers.get(engine.name) as SearchFollower
  const reindexEngine = (engine: SearchEngine, options: ReindexOptions): Promise<ReindexReport> =>
    reindex({ db, pool, engine, follower: followerOf(engine), indexer }, options)

  return {
    segmenter,
    analyze,
    parser: createQueryParser({ segmenter }),
    postgres,
    engines,
    indexer,
    followerOf,
    failover: createFailover({ preferred: opensearch, always: postgres, clock, log }),
    reindex: reindexEngine,
    learn: () => learnWords({ db, segmenter, postgres, engines, indexer }),
    close: async () => void (await Promise.all(engines.map(engine => engine.close()))),
  }
}

export interface SearchFeature {
  search: Search
  modules: FeatureModule[]
}

export function createSearchFeature(
  { database: { db }, log }: Infrastructure,
  { failover, parser, segmenter, postgres, engines, indexer }: SearchParts,
  { cards, recordAction }: { cards: Cards; recordAction: Behaviours['recordAction'] },
): SearchFeature {
  const search = createSearch({ db, log, clock: Date.now, engines: failover, parser, cards, recordAction })
  const histories = createSearchHistories({ db })
  return {
    search,
    modules: [
      {
        routes: { app: searchRoutes(search, histories) },
        jobs: createSearchJobs({ db, segmenter, postgres, engines, indexer }),
        // A word that was added is one for queries at once.
        onChange: changes => {
          if (changes.some(change => change.topic === 'search_word'))
            operatorWords(db).then(segmenter.useWords, err => log.warn({ err: err.message }, 'the dictionary was not read again'))
        },
      },
    ],
  }
}

/** One task for each index, so that a slow index does not delay the other. */
export function createSearchTasks({ database: { db }, log }: Infrastructure, parts: SearchParts): { tasks: Task[]; stop(): void } {
  const stopping = new AbortController()
  const tasks = parts.engines.map(engine => {
    let retryAt = 0
    async function run(): Promise<void> {
      // Every worker needs the operator's words, and only one of them sees a change in the log.
      parts.segmenter.useWords(await operatorWords(db))
      if ((await parts.followerOf(engine).catchUp()) !== 'lost' || performance.now() < retryAt) return
      retryAt = performance.now() + RETRY_MS
      log.info({ index: engine.name }, 'search index is built')
      const report = await parts.reindex(engine, { signal: stopping.signal })
      log.info(report, 'search index is ready')
      if (engine.name === 'postgres') await parts.learn()
    }
    return { name: `index-${engine.name}`, role: 'worker' as const, intervalMs: POLL_MS, notifications: ['change'], run }
  })
  return { tasks, stop: () => stopping.abort() }
}
