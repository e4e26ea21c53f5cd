// Ranking policies for operators, of the office and of the command line.

import { notFound } from '../base/problem.ts'
import type { Db } from '../engines/database/database.ts'
import type { OperationLog } from '../features/admins/operation-log.ts'
import type { OperatorPolicies } from '../features/operations/policies.ts'
import { parsePolicy } from '../recommend/policy/check-policy.ts'
import { findLivePolicy, findPolicies, listPolicies, listPolicyUses, storePolicy } from '../recommend/policy/policies.sql.ts'
import { DEFAULTS } from '../recommend/policy/policy.ts'
import type { PolicyDocument } from '../recommend/policy/policy-schema.ts'
import { usePolicy } from '../recommend/policy/use-policy.ts'

interface Needs {
  db: Db
  change: OperationLog['change']
  tryPolicy: OperatorPolicies['try']
}

export function createOperatorPolicies({ db, change, tryPolicy }: Needs): OperatorPolicies {
  async function find(version: number): Promise<PolicyDocument> {
    if (version === 0) return DEFAULTS
    const [row] = await findPolicies(db, [version])
    if (!row) throw notFound(`there is no policy ${version}`)
    return row.document
  }

  return {
    liveVersion: async () => (await findLivePolicy(db))?.version ?? 0,
    find,
    listUses: limit => listPolicyUses(db, limit),
    list: limit => listPolicies(db, limit),
    parse: parsePolicy,
    try: tryPolicy,

    add: (operator, document) =>
      change(operator, async (tx, note) => {
        const version = await storePolicy(tx, document, operator.name)
        note({ operation: 'add ranking policy', description: `policy ${version}`, after: document })
        return version
      }),

    async use(operator, version, base) {
      await find(version)
      await change(operator, async (tx, note) => {
        const before = await usePolicy(tx, version, base)
        note({ operation: 'use ranking policy', description: `policy ${version}`, before: { version: before }, after: { version } })
      })
    },
  }
}
