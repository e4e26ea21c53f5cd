// The jobs that train each night. A model that the gate accepts goes on trial with some viewers, and live a day later; a live model
// that a simple rule beats is withdrawn.

import { HOUR } from '../../base/clock.ts'
import type { Job } from '../../base/job.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { Tx } from '../../engines/database/database.ts'
import { findRunning } from '../experiments/experiments.sql.ts'
import { startTrial } from '../experiments/trial.ts'
import { runInThread } from '../run-in-thread.ts'
import { deleteFactors, storeFactors } from './article-factors.sql.ts'
import type { FactorQuality } from './article-factors.ts'
import type { FactorsAnswer } from './factors.worker.ts'
import { FACTORS_JOB, type FactorsReport } from './factors-view.ts'
import type { Quality } from './gate.ts'
import type { ThreadAnswer } from './train.worker.ts'
import { endLiveModel, insertTrainedModel } from './trained-models.sql.ts'

export function createTrainingJobs({ databaseUrl, metrics }: { databaseUrl: string; metrics: Metrics }): { trees: Job; factors: Job } {
  const outcomes = metrics.counter('training_outcomes_total', 'Models trained on the own log: on trial, refused; withdrawn', ['outcome'])
  const factorOutcomes = metrics.counter('factors_outcomes_total', 'Factors trained on the own log: live, refused; withdrawn', ['outcome'])
  const qualities: { trees: Quality; factors: FactorQuality } = { trees: {}, factors: {} }
  const seriesOf = (quality: object) => Object.entries(quality).map(([ranking, value]): [string[], number] => [[ranking], value])
  metrics.labelledGauge('training_ndcg', 'nDCG@10 of each ranking on the clicks that this process held out last', ['ranking'], () =>
    seriesOf(qualities.trees),
  )
  metrics.labelledGauge('factors_ndcg', 'nDCG@10 of each ranking on the newest clicks of readers, held out last', ['ranking'], () =>
    seriesOf(qualities.factors),
  )
  const trees: Job = {
    name: 'train-model',
    about: 'trains trees on the log, and puts them on trial beside the model if they rank later clicks better than all else',
    schedule: '0 4 * * *',
    timeoutMs: HOUR,
    async run({ signal, commit }) {
      const answer = await runInThread<ThreadAnswer>(new URL('./train.worker.ts', import.meta.url), { databaseUrl }, signal)
      const report = await commit(async (tx: Tx) => ({ ...(await storeTraining(tx, answer)), ...answer.figures, seconds: answer.seconds }))
      outcomes.add([report.outcome])
      if (!answer.liveStays) outcomes.add(['withdrawn'])
      qualities.trees = answer.figures.ndcg10
      return report
    },
  }
  const factors: Job = {
    name: FACTORS_JOB,
    about: 'trains which articles the same readers read, for the candidates of the feed and for related articles',
    schedule: '30 4 * * *',
    timeoutMs: HOUR,
    async run({ signal, commit }) {
      const { packed, liveStays, ...report } = await runInThread<FactorsAnswer>(
        new URL('./factors.worker.ts', import.meta.url),
        { databaseUrl },
        signal,
      )
      let isWithdrawn = false
      const outcome = packed ? 'live' : 'refused'
      const committed = await commit(async (tx: Tx): Promise<FactorsReport> => {
        if (packed) await storeFactors(tx, packed)
        else isWithdrawn = !liveStays && (await deleteFactors(tx))
        return { outcome, ...report }
      })
      factorOutcomes.add([outcome])
      if (isWithdrawn) factorOutcomes.add(['withdrawn'])
      qualities.factors = report.ndcg10
      return committed
    },
  }
  return { trees, factors }
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
