// The recommender's parts: in this process when it has the role, otherwise behind an address.

import type { Task } from '../base/part.ts'
import { tableCounters } from '../engines/counters/counters.ts'
import { createCatalogue } from '../recommend/catalogue.ts'
import { remoteRecommender } from '../recommend/client.ts'
import type { Recommender } from '../recommend/contract.ts'
import { loadCatalogue } from '../recommend/follow.ts'
import { dropOldLists } from '../recommend/pages.sql.ts'
import { createRecommender } from '../recommend/recommender.ts'
import { LIST_LIFE_MS } from '../recommend/shared-lists.ts'
import { createTraces, type Traces } from '../recommend/traces.ts'
import type { Foundation } from './foundation.ts'

export interface Ranking {
  recommender: Recommender
  traces: Traces
  tasks: Task[]
  close(): Promise<void>
}

/** How long a reader waits for the recommender before something simpler is shown. */
const DEADLINE_MS = 150
/** How long a change may go unnoticed when its wake was lost. */
const LOOK_MS = 500

export async function createRanking({ config, log, metrics, database, newId, secrets }: Foundation): Promise<Ranking> {
  const { db } = database
  const traces = createTraces(secrets.traces)
  if (!config.roles.has('recommender')) {
    const remote = remoteRecommender({ address: config.recommenderAddress as string, key: config.grpc.key, deadlineMs: DEADLINE_MS })
    return { recommender: remote, traces, tasks: [], close: async () => remote.close() }
  }
  const catalogue = createCatalogue(Date.now)
  const follower = await loadCatalogue(db, catalogue)
  metrics.gauge('catalogue_articles', 'Published articles the recommender knows', () => catalogue.size())
  const recommender = createRecommender({ db, newId, clock: Date.now, catalogue, traces, metrics, log: log.child({ part: 'recommender' }) })
  const dropLists = () => dropOldLists(db, Math.floor((Date.now() - LIST_LIFE_MS) / 60_000))
  const tasks: Task[] = [
    { name: 'follow', role: 'recommender', everyMs: LOOK_MS, wakes: ['change', 'behaviour'], run: () => follower.catchUp() },
    { name: 'drop-lists', role: 'worker', everyMs: 60_000, run: dropLists },
  ]
  return { recommender, traces, tasks, close: async () => {} }
}

/** Counts stay right without it; reading them stays quick with it. */
export function foldTask({ database }: Foundation): Task {
  const counters = tableCounters(database.db)
  const run = async () => {
    while ((await counters.fold()) > 0);
  }
  return { name: 'fold-counters', role: 'worker', everyMs: 1_000, run }
}
