// Gives the recommender what was trained last, within a minute.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ReadersLike } from '../factors/readers-like.ts'
import type { Learner } from '../learn/learner.ts'
import { findFactors, findFactorsTime } from './article-factors.sql.ts'
import { unpackFactors } from './article-factors.ts'
import { unpackModel } from './trained-model.ts'
import { findModel, findModelIds, type RankingState } from './trained-models.sql.ts'

export interface LiveModelNeeds {
  db: Db
  learner: Pick<Learner, 'useTrained'>
  readersLike: Pick<ReadersLike, 'use' | 'size' | 'fitNext'>
  log: Log
  metrics?: Metrics
}

export function createLiveModel({ db, learner, readersLike, log, metrics }: LiveModelNeeds) {
  const loaded: Partial<Record<RankingState, bigint>> = {}
  let trees = 0
  let factorsOf: number | undefined
  metrics?.gauge('learner_trees', 'Trees of the live model that rank beside the ranker; 0 if none is live', () => trees)
  metrics?.gauge('article_factors', 'Articles of which it is known who else reads them', readersLike.size)

  async function loadFactors(): Promise<void> {
    const madeAt = await findFactorsTime(db)
    if (madeAt?.getTime() === factorsOf) return
    const row = await findFactors(db)
    readersLike.use(row && unpackFactors(row.body))
    factorsOf = row?.madeAt.getTime()
    while (readersLike.fitNext()) await nextTurn() // requests in between
  }

  async function loadModel(state: RankingState, id: bigint | undefined): Promise<void> {
    if (id === loaded[state]) return
    const row = id === undefined ? undefined : await findModel(db, state)
    const model = row && unpackModel(row.model)
    if (row && !model) log.warn({ id: row.id }, 'the trained model is of another version and not used')
    learner.useTrained(state, model)
    loaded[state] = row?.id
    if (state === 'live') trees = model?.trees.roots.length ?? 0
  }

  async function loadModels(): Promise<void> {
    const ids = await findModelIds(db)
    await loadModel('live', ids.live)
    await loadModel('trial', ids.trial)
  }

  return {
    loadModels,
    async load(): Promise<void> {
      await loadFactors()
      await loadModels()
    },
  }
}
