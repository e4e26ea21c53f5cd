import { invalid } from '../../base/problem.ts'
import type { Tx } from '../../engines/database/database.ts'
import { findRunning } from '../experiments/experiments.sql.ts'
import { findLivePolicy, insertUse, lockUses } from './policies.sql.ts'

/**
 * From now on every process ranks by it; 0: by the defaults. Returns the version that ranked before. Refused while some viewers try a
 * policy: the arms keep theirs, and would share the feedback of a third one.
 */
export async function usePolicy(tx: Tx, version: number): Promise<number> {
  await lockUses(tx)
  const running = await findRunning(tx)
  if (running?.kind === 'policy') throw invalid(`the experiment "${running.name}" is running; stop it first`)
  const before = (await findLivePolicy(tx))?.version ?? 0
  await insertUse(tx, version)
  return before
}
