// Experiments for operators, of the office and of the command line.

import { toJsonText } from '../base/changed-fields.ts'
import { invalid } from '../base/problem.ts'
import type { Db, Tx } from '../engines/database/database.ts'
import { createExperiments, type Experiments } from '../recommend/experiments/experiments.ts'
import { readStoredPolicy } from '../recommend/policy/check-policy.ts'
import { findLivePolicy, findPolicies } from '../recommend/policy/policies.sql.ts'
import { completePolicy, DEFAULT_POLICY } from '../recommend/policy/policy.ts'

export function createOperatorExperiments(db: Db): Experiments {
  async function findPolicy(tx: Tx, version: number) {
    if (version === 0) return DEFAULT_POLICY
    const [row] = await findPolicies(tx, [version])
    if (!row) throw invalid(`there is no policy ${version}`)
    return completePolicy(readStoredPolicy(row.document), version) // another build may have stored it
  }

  return createExperiments({
    db,
    async findArms(tx, treatment) {
      const live = (await findLivePolicy(tx))?.version ?? 0
      const [control, other] = [await findPolicy(tx, live), await findPolicy(tx, treatment)]
      if (toJsonText(control.feedback) !== toJsonText(other.feedback))
        throw invalid(
          `policy ${treatment} has other feedback than the live one: trending scores are counted once for all viewers, so some cannot try it`,
        )
      return { controlPolicy: live, treatmentPolicy: treatment }
    },
  })
}
