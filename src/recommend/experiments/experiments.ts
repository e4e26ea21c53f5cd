// Experiments for operators: start one with two policies, let its treatment grow, stop it. One at a time: two at once would each
// change both arms of the other. Changes wait for one another, and for a policy that is put into use: each sees what the other did.

import { invalid, notFound } from '../../base/problem.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { EXPERIMENT_LIMITS } from '../contract.ts'
import { lockUses } from '../policy/policies.sql.ts'
import { type ExperimentRow, endExperiment, findRunning, insertExperiment, listExperiments, type NewExperiment } from './experiments.sql.ts'
import { finish } from './follow-job.ts'
import { COUNT_AFTER_MS, ERROR, newKey } from './trial.ts'
import { type ExperimentView, toExperimentView } from './view.ts'

const { nameMax, reasonMax, shareMin, shareMax } = EXPERIMENT_LIMITS
const LIST_MAX = 30

export interface StartRequest {
  name: string
  /** The version of the policy that is tried; 0: the defaults. */
  policy: number
  /** Of all viewers. */
  share: number
}

export interface ExperimentNeeds {
  db: Db
  /**
   * The versions of both arms, which stay so until `tx` has ended. Throws if there is no such policy, or none that only some viewers
   * can have.
   */
  findArms: (tx: Tx, treatment: number) => Promise<{ controlPolicy: number; treatmentPolicy: number }>
}

export type Experiments = ReturnType<typeof createExperiments>

export function createExperiments({ db, findArms }: ExperimentNeeds) {
  /** It is still the one that runs when `tx` ends, unless the job ends it. */
  async function running(tx: Tx): Promise<ExperimentRow> {
    await lockUses(tx)
    const row = await findRunning(tx)
    if (!row) throw notFound('no experiment is running')
    return row
  }

  return {
    /** The newest first; at most one is running, and it is the first. */
    list: async (): Promise<ExperimentView[]> => (await listExperiments(db, LIST_MAX)).map(toExperimentView),

    async start(tx: Tx, { name: given, policy, share }: StartRequest): Promise<ExperimentView> {
      const name = normalizeLine('name', given, nameMax)
      checkShare(share)
      await lockUses(tx)
      const row = await insertExperiment(tx, {
        name,
        kind: 'policy',
        ...(await findArms(tx, policy)),
        key: newKey(),
        share,
        error: ERROR,
        countAfterMs: COUNT_AFTER_MS,
      })
      if (row) return toExperimentView(row)
      const other = await findRunning(tx)
      throw invalid(`the experiment "${other?.name ?? name}" is running; stop it first`)
    },

    /**
     * Its figures begin anew: while the share grows, more of the treatment's pages are of the later days, and these may be other days.
     * The error of each further share is half that of the one before, so that all together is at most twice the first.
     */
    async grow(tx: Tx, share: number): Promise<ExperimentView> {
      checkShare(share)
      const before = await running(tx)
      if (before.kind === 'model') throw invalid('a model on trial ranks for all when its trial ends')
      if (share <= before.share) throw invalid(`the treatment has ${percent(before.share)} of the viewers, and its share only grows`)
      if (!(await endExperiment(tx, before.id, `the share grew to ${percent(share)}`))) throw notFound(HAS_ENDED)
      const { name, kind, controlPolicy, treatmentPolicy, key, error } = before
      const next: NewExperiment = { name, kind, controlPolicy, treatmentPolicy, key, share, error: error / 2, countAfterMs: COUNT_AFTER_MS }
      return toExperimentView((await insertExperiment(tx, next)) as ExperimentRow)
    },

    /** Everyone has what the control has; a model on trial is withdrawn. */
    async stop(tx: Tx, reason = ''): Promise<ExperimentView> {
      const why = normalizeLine('reason', reason || 'stopped by an operator', reasonMax)
      const row = await running(tx)
      if (!(await finish(tx, row, 'stopped', why))) throw notFound(HAS_ENDED)
      return toExperimentView({ ...row, state: 'ended', endedAt: new Date(), reason: why })
    },
  }
}

const percent = (share: number) => `${Number((100 * share).toPrecision(4))} %`
/** By the job, at this moment. */
const HAS_ENDED = 'the experiment has ended'

function checkShare(share: number): void {
  if (!(share >= shareMin && share <= shareMax))
    throw invalid(`the share of the treatment is from ${shareMin} to ${shareMax}: ${percent(shareMin)} to ${percent(shareMax)}`)
}
