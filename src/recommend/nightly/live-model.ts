// Gives the learner the model that is live, within a minute of the night's training.

import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Learner } from '../learn/learner.ts'
import { unpackModel } from './trained-model.ts'
import { findLiveModel, findLiveModelId } from './trained-models.sql.ts'

export function createLiveModel({
  db,
  learner,
  log,
  metrics,
}: {
  db: Db
  learner: Pick<Learner, 'useTrained'>
  log: Log
  metrics?: Metrics
}) {
  let current: bigint | undefined
  let trees = 0
  metrics?.gauge('learner_trees', 'Trees of the live model that rank beside the ranker; 0 if none is live', () => trees)
  return {
    async load(): Promise<void> {
      if ((await findLiveModelId(db)) === current) return
      const row = await findLiveModel(db)
      const model = row && unpackModel(row.model)
      if (row && !model) log.warn({ id: row.id }, 'the trained model is of another version and not used')
      learner.useTrained(model)
      current = row?.id
      trees = model?.trees.roots.length ?? 0
    },
  }
}
