// A model that the gate has accepted ranks for a twentieth of the viewers first. The gate asks about clicks of the past; what viewers
// do with pages that it ranks itself is known only then.

import { randomBytes } from 'node:crypto'
import { HOUR, SECOND } from '../../base/clock.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { type ExperimentRow, insertExperiment } from './experiments.sql.ts'

export const TRIAL_SHARE = 0.05
/** A day's readers, and over before the next night's training. */
export const TRIAL_MS = 22 * HOUR
/** The chance that equal arms are ever called different. */
export const ERROR = 0.05
/** Recommenders look for models once a minute, and for experiments more often. */
export const COUNT_AFTER_MS = 90 * SECOND
const KEY_BYTES = 32

export const newKey = (): string => randomBytes(KEY_BYTES).toString('hex')

/** Undefined if an experiment is running. */
export const startTrial = (tx: Db | Tx, modelId: bigint): Promise<ExperimentRow | undefined> =>
  insertExperiment(tx, {
    name: `model ${modelId}`,
    kind: 'model',
    modelId,
    key: newKey(),
    share: TRIAL_SHARE,
    error: ERROR,
    countAfterMs: COUNT_AFTER_MS,
    endsAfterMs: TRIAL_MS,
  })
