import { invalid } from '../../base/problem.ts'
import type { Tx } from '../../engines/database/database.ts'
import { findRunning } from '../experiments/experiments.sql.ts'
import { insertUse } from './policies.sql.ts'

/**
 * From now on every process ranks by it; 0: by the defaults. Refused while some viewers try a policy: the arms keep theirs, and would
 * share the feedback and leaderboards of a third one.
 */
export async function usePolicy(tx: Tx, version: number): Promise<void> {
  const running = await findRunning(tx)
  if (running?.kind === 'policy') throw invalid(`the experiment "${running.name}" is running; stop it first`)
  await insertUse(tx, version)
}
