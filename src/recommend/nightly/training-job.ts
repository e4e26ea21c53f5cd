// The jobs that train each night. A model goes live only if the gate accepts it; a live model that a simple rule beats is withdrawn.

import { HOUR } from '../../base/clock.ts'
import type { Job } from '../../base/job.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { Tx } from '../../engines/database/database.ts'
import { storeFactors } from './article-factors.sql.ts'
import type { FactorsAnswer } from './factors.worker.ts'
import type { Quality } from './gate.ts'
import { runInThread, type ThreadAnswer } from './train-in-thread.ts'
import { endLiveModel, insertTrainedModel } from './trained-models.sql.ts'

export function createTrainingJob({ databaseUrl, metrics }: { databaseUrl: string; metrics: Metrics }): Job {
  const outcomes = metrics.counter('training_outcomes_total', 'Models trained on the own log: live, refused; withdrawn', ['outcome'])
  let quality: Quality = {}
  metrics.labelledGauge('training_ndcg', 'nDCG@10 of each ranking on the clicks that this process held out last', ['ranking'], () =>
    Object.entries(quality).map(([ranking, value]) => [[ranking], value]),
  )
  return {
    name: 'train-model',
    about: 'trains trees on the log, and lets them rank beside the model if they rank later clicks better than all else',
    schedule: '0 4 * * *',
    timeoutMs: HOUR,
    async run({ signal, commit }) {
      const { isAccepted, liveStays, reason, figures, packed, seconds } = await runInThread<ThreadAnswer>(
        'train.worker.ts',
        { databaseUrl },
        signal,
      )
      const report = await commit(async (tx: Tx) => {
        if (isAccepted) await endLiveModel(tx, 'replaced', '')
        else if (!liveStays) await endLiveModel(tx, 'withdrawn', reason)
        await insertTrainedModel(tx, { reason, figures: { ...figures, seconds }, model: isAccepted && packed ? packed : null })
        return { outcome: isAccepted ? 'live' : 'refused', reason, ...figures, seconds }
      })
      outcomes.add([isAccepted ? 'live' : 'refused'])
      if (!liveStays) outcomes.add(['withdrawn'])
      quality = figures.ndcg10
      return report
    },
  }
}

export const createFactorsJob = ({ databaseUrl }: { databaseUrl: string }): Job => ({
  name: 'train-factors',
  about: 'trains which articles the same readers read, for the candidates of the feed',
  schedule: '30 4 * * *',
  timeoutMs: HOUR,
  async run({ signal, commit }) {
    const { packed, ...report } = await runInThread<FactorsAnswer>('factors.worker.ts', { databaseUrl }, signal)
    return commit(async (tx: Tx) => {
      await storeFactors(tx, packed)
      return report
    })
  },
})
