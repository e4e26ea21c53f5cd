// Search: the engines (PostgreSQL always, OpenSearch with SEARCH_URL), what keeps them in step with the rows, and the feature.

import { conflict } from '../base/problem.ts'
import { createDurableConsumer } from '../engines/log/durable-consumer.ts'
import { createSegmenter } from '../engines/search/analysis/segmenter.ts'
import { createFailover } from '../engines/search/failover.ts'
import { createSearchConsumer, isBuilt } from '../engines/search/follow/consumer.ts'
import { createIndexer } from '../engines/search/follow/entries.ts'
import type { ReindexOptions, ReindexReport } from '../engines/search/follow/reindex.ts'
import { createPostgresSearch } from '../engines/search/postgres/postgres.ts'
import { operatorWords } from '../engines/search/postgres/words.sql.ts'
import { createQueryParser } from '../engines/search/query.ts'
import type { SearchEngine } from '../engines/search/search.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { createHotQueries } from '../features/search/hot-queries.ts'
import { createSearchJobs, learnWords } from '../features/search/jobs.ts'
import { createOwnHistory } from '../features/search/own-history.ts'
import { searchRoutes } from '../features/search/search.routes.ts'
import { createSearch, type Search, type Needs as SearchNeeds } from '../features/search/search.ts'
import type { Infrastructure } from './infrastructure.ts'

export type SearchParts = Awaited<ReturnType<typeof createSearchParts>>

/** Also used by the command line. */
export async function createSearchParts({ config, database, log }: Infrastructure) {
  const { db, pool } = database
  const segmenter = createSegmenter()
  segmenter.useWords(await operatorWords(db))
  const clock = () => performance.now()
  const postgres = createPostgresSearch({ db, pool, clock })
  // The library is loaded only where it is used.
  const opensearch = config.searchUrl
    ? (await import('../engines/search/opensearch/opensearch.ts')).createOpenSearch({ url: config.searchUrl })
    : undefined
  const engines: SearchEngine[] = opensearch ? [postgres, opensearch] : [postgres]
  const indexer = createIndexer({ db, segmenter })

  /** One process at a time reindexes an engine; another one gets a conflict. */
  async function reindex(engine: SearchEngine, options: ReindexOptions): Promise<ReindexReport> {
    const reports: ReindexReport[] = []
    const spec = createSearchConsumer({ db, engine, indexer, ...options, onReindexed: report => void reports.push(report) })
    const consumer = createDurableConsumer(spec, { db, pool })
    if (!(await consumer.rebuild())) throw conflict(`${engine.name} is being reindexed already`)
    await consumer.catchUp()
    return reports[0] as ReindexReport
  }

  return {
    segmenter,
    parser: createQueryParser({ segmenter }),
    postgres,
    engines,
    indexer,
    failover: createFailover({ preferred: opensearch, isBuilt: () => isBuilt(db, { name: 'opensearch' }), fallback: postgres, clock, log }),
    reindex,
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
  { cards, listChannels, recordAction, countSearch }: Pick<SearchNeeds, 'cards' | 'listChannels' | 'recordAction' | 'countSearch'>,
): SearchFeature {
  const ownHistory = createOwnHistory({ db })
  const recording = { countSearch, recordAction, remember: ownHistory.remember }
  const search = createSearch({ db, log, clock: Date.now, engines: failover, parser, cards, listChannels, ...recording })
  return {
    search,
    modules: [
      {
        routes: { app: searchRoutes(search, ownHistory, createHotQueries({ db })) },
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

/** One consumer of the change log for each index, so that a slow index does not delay the other. */
export function createSearchConsumers(
  { database: { db }, log }: Infrastructure,
  { engines, indexer, learn }: SearchParts,
): { module: FeatureModule; stop(): void } {
  const stopping = new AbortController()
  const consumers = engines.map(engine =>
    createSearchConsumer({
      db,
      engine,
      indexer,
      signal: stopping.signal,
      async onReindexed(report) {
        log.info(report, 'search index is ready')
        // The job search-words does it again each hour, so a failure is no reason to copy everything once more.
        if (engine.name === 'postgres') await learn().catch(err => log.warn({ err }, 'words and phrases were not counted'))
      },
    }),
  )
  return { module: { consumers }, stop: () => stopping.abort() }
}
