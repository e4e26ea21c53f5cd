import { conflict, invalid } from '../../base/problem.ts'
import type { Tx } from '../../engines/database/database.ts'
import { findRunning } from '../experiments/experiments.sql.ts'
import { findLivePolicy, insertUse, lockUses } from './policies.sql.ts'

/**
 * From now on every process ranks by it; 0: by the defaults. Returns the version that ranked before. Refused while some viewers try a
 * policy: the arms keep theirs, and would share the feedback of a third one. `base`: the one that the operator saw ranking; if it is
 * another, the operator would replace a policy that they have not seen.
 */
export async function usePolicy(tx: Tx, version: number, base?: number): Promise<number> {
  await lockUses(tx)
  const running = await findRunning(tx)
  if (running?.kind === 'policy') throw invalid(`the experiment "${running.name}" is running; stop it first`)
  const before = (await findLivePolicy(tx))?.version ?? 0
  if (base !== undefined && base !== before)
    throw conflict(`${before === 0 ? 'the default policy' : `policy ${before}`} went live meanwhile`)
  await insertUse(tx, version)
  return before
}
