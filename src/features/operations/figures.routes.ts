// For administrators: caches, the recommender's funnel, queries. Most of it is what the process that answers has seen.

import { Type } from 'typebox'
import type { Database } from '../../engines/database/database.ts'
import { listStatementStats } from '../../engines/database/statement-stats.sql.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Int, Optional } from '../../http/wire.ts'
import { CachesView } from './caches.schema.ts'
import type { CacheAdmin } from './caches.ts'
import type { ProcessState } from './process.schema.ts'
import { QueriesView } from './queries.schema.ts'
import { RecommenderView } from './recommender.schema.ts'
import type { RecommenderFigures } from './recommender-figures.ts'

const DAYS_DEFAULT = 14 // two weeks, to compare a day with the same one a week before
const DAYS_MAX = 30 // exposures are deleted then
const QUERIES_SHOWN = 50
const DaysQuery = Type.Object({ days: Optional(Int(1, DAYS_MAX)) })

export interface FiguresNeeds {
  database: Pick<Database, 'db' | 'queryTimes'>
  readCaches: CacheAdmin
  readRecommender: RecommenderFigures
  thisProcess: () => ProcessState
}

export const figureRoutes =
  ({ database, readCaches, readRecommender, thisProcess }: FiguresNeeds): Routes =>
  async server => {
    server.get(
      '/caches',
      { config: { access: 'admin', permission: 'cache-list-get' }, schema: { response: { 200: Envelope(CachesView) } } },
      async () => ({ message: 'OK' as const, data: { process: thisProcess(), caches: await readCaches() } }),
    )

    server.get(
      '/recommender',
      {
        config: { access: 'admin', permission: 'recommender-get' },
        schema: { querystring: DaysQuery, response: { 200: Envelope(RecommenderView) } },
      },
      async ({ query }) => ({
        message: 'OK' as const,
        data: { process: thisProcess(), ...(await readRecommender(query.days ?? DAYS_DEFAULT)) },
      }),
    )

    server.get(
      '/queries',
      { config: { access: 'admin', permission: 'query-list-get' }, schema: { response: { 200: Envelope(QueriesView) } } },
      async () => {
        const server = await listStatementStats(database.db, QUERIES_SHOWN)
        const own = database
          .queryTimes()
          .toSorted((a, b) => b.totalMs - a.totalMs)
          .slice(0, QUERIES_SHOWN)
        return {
          message: 'OK' as const,
          data: {
            process: thisProcess(),
            own: own.map(times => ({ name: times.name, ...toTimesView(times) })),
            server: server?.map(times => ({ text: times.text, rows: times.rows, ...toTimesView(times) })) ?? null,
          },
        }
      },
    )
  }

const toTimesView = ({ calls, totalMs, maxMs }: { calls: number; totalMs: number; maxMs: number }) => ({
  calls,
  total_ms: totalMs,
  mean_ms: calls && totalMs / calls,
  max_ms: maxMs,
})
