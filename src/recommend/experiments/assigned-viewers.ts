// The experiment that runs, as this process knows it: which arm a viewer is in, and how the rankings of each viewer went. The first is
// read when the change log tells of another one, and every few seconds, when the second is added to the rows.

import type { Db } from '../../engines/database/database.ts'
import { ARMS, type Arm, armOf } from './assignment.ts'
import { addOutcomes, type Outcomes } from './counting.sql.ts'
import { type ExperimentRow, findRunning } from './experiments.sql.ts'

/** The same object for all viewers of an arm, as long as the experiment is the same. */
export interface Assignment {
  arm: Arm
  /** Whether the model on trial ranks. */
  isTrial: boolean
  /** The version of the policy that ranks; undefined: the one that is live. 0: the defaults. */
  policyVersion: number | undefined
}

/** A third of the time that a remote recommender has. */
const SLOW_MS = 50
/** Between two flushes; more are not counted, in both arms alike. */
const VIEWERS_MAX = 5_000

export function createAssignedViewers(db: Db) {
  let running: { row: ExperimentRow; assignments: Record<Arm, Assignment> } | undefined
  let outcomes = new Map<string, Outcomes>()

  return {
    /** Of both arms; none if no experiment is running. */
    assignments: (): Assignment[] => (running ? Object.values(running.assignments) : []),

    of(viewerKey: string | undefined): Assignment | undefined {
      const arm = running && viewerKey !== undefined ? armOf(running.row, viewerKey) : undefined
      return arm && running?.assignments[arm]
    },

    /** A ranking for the viewer has ended, or failed. */
    note(viewer: string, { arm }: Assignment, { ms, isFailed }: { ms: number; isFailed: boolean }): void {
      const key = `${arm} ${viewer}`
      const sums = outcomes.get(key) ?? { viewer, arm, rankings: 0, failed: 0, slow: 0 }
      if (sums.rankings === 0 && outcomes.size >= VIEWERS_MAX) return
      sums.rankings++
      sums.failed += Number(isFailed)
      sums.slow += Number(ms > SLOW_MS)
      outcomes.set(key, sums)
    },

    /** Adds what was noted to the rows. What cannot be added is lost, in both arms alike. */
    async flush(): Promise<void> {
      const noted = outcomes
      outcomes = new Map()
      if (running && noted.size > 0) await addOutcomes(db, running.row.id, [...noted.values()])
    },

    async load(): Promise<void> {
      const row = await findRunning(db)
      if (row?.id === running?.row.id) return
      const assignmentTo = (arm: Arm, { kind, controlPolicy, treatmentPolicy }: ExperimentRow): Assignment => ({
        arm,
        isTrial: kind === 'model' && arm === 'treatment',
        policyVersion: (arm === 'treatment' ? treatmentPolicy : controlPolicy) ?? undefined,
      })
      running = row && {
        row,
        assignments: Object.fromEntries(ARMS.map(arm => [arm, assignmentTo(arm, row)])) as Record<Arm, Assignment>,
      }
      outcomes = new Map() // those of the experiment before
    },
  }
}

export type AssignedViewers = ReturnType<typeof createAssignedViewers>
