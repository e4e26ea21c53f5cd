// The jobs that train each night. A model that the gate accepts goes on trial with some viewers, and live a day later; a live model
// that a simple rule beats is withdrawn.

import { HOUR } from '../../base/clock.ts'
import type { Job } from '../../base/job.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { Tx } from '../../engines/database/database.ts'
import { findRunning } from '../experiments/experiments.sql.ts'
import { startTrial } from '../experiments/trial.ts'
import { deleteFactors, storeFactors } from './article-factors.sql.ts'
import type { FactorsAnswer } from './factors.worker.ts'
import type { Quality } from './gate.ts'
import { runInThread, type ThreadAnswer } from './train-in-thread.ts'
import { endLiveModel, insertTrainedModel } from './trained-models.sql.ts'

export function createTrainingJob({ databaseUrl, metrics }: { databaseUrl: string; metrics: Metrics }): Job {
  const outcomes = metrics.counter('training_outcomes_total', 'Models trained on the own log: on trial, refused; withdrawn', ['outcome'])
  let quality: Quality = {}
  metrics.labelledGauge('training_ndcg', 'nDCG@10 of each ranking on the clicks that this process held out last', ['ranking'], () =>
    Object.entries(quality).map(([ranking, value]) => [[ranking], value]),
  )
  return {
    name: 'train-model',
    about: 'trains trees on the log, and puts them on trial beside the model if they rank later clicks better than all else',
    schedule: '0 4 * * *',
    timeoutMs: HOUR,
    async run({ signal, commit }) {
      const answer = await runInThread<ThreadAnswer>('train.worker.ts', { databaseUrl }, signal)
      const report = await commit(async (tx: Tx) => ({ ...(await storeTraining(tx, answer)), ...answer.figures, seconds: answer.seconds }))
      outcomes.add([report.outcome])
      if (!answer.liveStays) outcomes.add(['withdrawn'])
      quality = answer.figures.ndcg10
      return report
    },
  }
}

/** A model is on trial alone: a second experiment would change both of its arms. */
export async function storeTraining(tx: Tx, { isAccepted, liveStays, reason, figures, packed, seconds }: ThreadAnswer) {
  if (!liveStays) await endLiveModel(tx, 'withdrawn', reason)
  const row = { reason, figures: { ...figures, seconds }, model: null }
  const running = isAccepted && packed ? await findRunning(tx) : undefined
  if (!isAccepted || !packed || running) {
    const refusal = running ? `the experiment "${running.name}" is running` : reason
    await insertTrainedModel(tx, { ...row, reason: refusal })
    return { outcome: 'refused', reason: refusal }
  }
  const id = await insertTrainedModel(tx, { ...row, model: packed })
  // Nothing is stored then, and the job can be run again.
  if (!(await startTrial(tx, id))) throw new Error('an experiment has started at this moment')
  return { outcome: 'trial', reason }
}

export const createFactorsJob = ({ databaseUrl }: { databaseUrl: string }): Job => ({
  name: 'train-factors',
  about: 'trains which articles the same readers read, for the candidates of the feed and for related articles',
  schedule: '30 4 * * *',
  timeoutMs: HOUR,
  async run({ signal, commit }) {
    const { packed, liveStays, ...report } = await runInThread<FactorsAnswer>('factors.worker.ts', { databaseUrl }, signal)
    return commit(async (tx: Tx) => {
      if (packed) await storeFactors(tx, packed)
      else if (!liveStays) await deleteFactors(tx)
      return { outcome: packed ? 'live' : 'refused', ...report }
    })
  },
})
