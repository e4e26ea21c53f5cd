// Experiments for operators, of the office and of the command line.

import { toJsonText } from '../base/changed-fields.ts'
import { invalid } from '../base/problem.ts'
import type { Db } from '../engines/database/database.ts'
import { createExperiments, type Experiments } from '../recommend/experiments/experiments.ts'
import { checkPolicy } from '../recommend/policy/check-policy.ts'
import { findLivePolicy, findPolicies } from '../recommend/policy/policies.sql.ts'
import { completePolicy, DEFAULT_POLICY } from '../recommend/policy/policy.ts'

export function createOperatorExperiments(db: Db): Experiments {
  async function findPolicy(version: number) {
    if (version === 0) return DEFAULT_POLICY
    const [row] = await findPolicies(db, [version])
    if (!row) throw invalid(`there is no policy ${version}`)
    return completePolicy(checkPolicy(row.document), version) // another build may have stored it
  }

  return createExperiments({
    db,
    async findArms(treatment) {
      const live = (await findLivePolicy(db))?.version ?? 0
      const [control, other] = [await findPolicy(live), await findPolicy(treatment)]
      for (const shared of ['feedback', 'leaderboards'] as const)
        if (toJsonText(control[shared]) !== toJsonText(other[shared]))
          throw invalid(`policy ${treatment} has other ${shared} than the live one: all viewers share them, so some cannot try others`)
      return { controlPolicy: live, treatmentPolicy: treatment }
    },
  })
}
