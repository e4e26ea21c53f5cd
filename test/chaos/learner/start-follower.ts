import { silentLog } from '../../../src/base/log.ts'
import type { Db } from '../../../src/engines/database/database.ts'
import { createFollower } from '../../../src/recommend/learn/follower.ts'
import { createLearner } from '../../../src/recommend/learn/learner.ts'
import { factsOf } from '../../support/reading-log.ts'

/** With small batches and a snapshot after each: a kill comes between any two of them. */
export function startFollower(db: Db, file: string) {
  const learner = createLearner({ seed: 1, findArticle: id => factsOf(id, 0) })
  return { learner, follower: createFollower({ db, learner, file, log: silentLog, batchSize: 7, snapshotEveryMs: 0 }) }
}
