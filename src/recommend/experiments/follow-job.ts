// Counts the running experiment every few minutes, judges it, and ends it if it does harm, if it cannot be believed, or, for a model
// on trial, if it may go live to all.

import type { Job } from '../../base/job.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { endLiveModel, endTrial } from '../nightly/trained-models.sql.ts'
import { countNext, noteBefore, readFigures } from './counting.sql.ts'
import { deleteEnded, type ExperimentRow, endExperiment, findRunning, type StoredFigures, storeFigures } from './experiments.sql.ts'
import { type Judgement, judge, type Verdict } from './verdict.ts'

/** A writing transaction over 200 ms delays every consumer of a log. */
const BATCH = 1_000
/** Viewers, each with the pages of three days. */
const BEFORE_BATCH = 200
/** A backlog of a million rows takes some runs. */
const BATCHES_MAX = 200

export function createExperimentJob({ db, metrics }: { db: Db; metrics: Metrics }): Job {
  const ended = metrics.counter(
    'experiments_ended_total',
    'Experiments that the job ended: those that operators stopped are none of them',
    ['verdict'],
  )
  return {
    name: 'follow-experiment',
    about: 'counts the running experiment, and ends it if it does harm; lets a model on trial rank for all',
    schedule: 'every 5m',
    catchUp: 'none',
    async run({ signal }) {
      const running = await findRunning(db)
      const followed = running && (await followExperiment(db, running, signal))
      if (followed?.hasEnded) ended.add([followed.verdict])
      const deleted = await repeat(() => deleteEnded(db, BATCH), signal)
      if (!followed && deleted === 0) return undefined
      return { ...(followed && { experiment: String(running.id), verdict: followed.verdict }), ...(deleted > 0 && { deleted }) }
    },
  }
}

/** Counts and judges it, and ends it if its time has come; `hasEnded`: by this call. */
export async function followExperiment(
  db: Db,
  running: ExperimentRow,
  signal?: AbortSignal,
): Promise<{ verdict: Verdict; hasEnded: boolean }> {
  const { id } = running
  let isHere = true
  await repeat(async () => {
    const counted = await db.transaction().execute(tx => countNext(tx, id, BATCH))
    isHere = counted !== undefined
    return counted?.rows ?? 0
  }, signal)
  if (isHere) await repeat(() => noteBefore(db, id, BEFORE_BATCH), signal)
  const figures = await readFigures(db, id)
  const judgement: Judgement = isHere
    ? judge(figures, running)
    : { verdict: 'refused', reason: 'the database was restored, and its logs begin anew', comparisons: {} }
  const stored: StoredFigures = { ...figures, ...judgement, countedAt: new Date().toISOString() }
  const { verdict } = judgement
  const hasEnded = await db.transaction().execute(async tx => {
    await storeFigures(tx, id, stored)
    const reason = reasonToEnd(running, judgement)
    return reason !== undefined && (await finish(tx, running, verdict, reason))
  })
  return { verdict, hasEnded }
}

/** Of an experiment with policies, an operator decides whether a better one is used. */
function reasonToEnd({ kind, endsAt }: ExperimentRow, { verdict, reason }: Judgement): string | undefined {
  if (verdict === 'refused' || verdict === 'harmful' || verdict === 'worse') return reason
  if (kind !== 'model') return undefined
  if (verdict === 'better') return reason
  return endsAt && endsAt.getTime() <= Date.now() ? reason || 'nothing spoke against it' : undefined
}

/** A model on trial that was not found bad goes live. False, and nothing happens, if it had ended before. */
export async function finish(tx: Tx, { id, modelId }: ExperimentRow, verdict: Verdict | 'stopped', reason: string): Promise<boolean> {
  if (!(await endExperiment(tx, id, reason))) return false
  if (modelId === null) return true
  const isGood = verdict === 'better' || verdict === 'unknown' || verdict === 'too-few'
  if (isGood) await endLiveModel(tx, 'replaced', '')
  await endTrial(tx, modelId, isGood ? { state: 'live', reason: '' } : { state: 'withdrawn', reason })
  return true
}

async function repeat(work: () => Promise<number>, signal?: AbortSignal): Promise<number> {
  let total = 0
  for (let i = 0; i < BATCHES_MAX && !signal?.aborted; i++) {
    const done = await work()
    if (done === 0) break
    total += done
  }
  return total
}
