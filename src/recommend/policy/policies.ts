// The policy that ranks, in every process: read at start and again when the change log says that another one is used.

import type { Log } from '../../base/log.ts'
import type { Db } from '../../engines/database/database.ts'
import { checkPolicy } from './check-policy.ts'
import { findLivePolicy } from './policies.sql.ts'
import { completePolicy, DEFAULT_POLICY, type Policy } from './policy.ts'

export interface Policies {
  /** The one that ranks what this viewer gets now. */
  of(viewerKey: string | undefined): Policy
  /** The one that holds for what all viewers share: feedback and leaderboards. */
  live(): Policy
  load(): Promise<void>
}

/** For what ranks without a database. */
export const onePolicy = (policy: Policy = DEFAULT_POLICY): Policies => ({ of: () => policy, live: () => policy, async load() {} })

export function createPolicies({ db, log }: { db: Db; log: Log }): Policies {
  let live = DEFAULT_POLICY
  return {
    of: () => live,
    live: () => live,
    async load() {
      const row = await findLivePolicy(db)
      if ((row?.version ?? 0) === live.version) return
      live = DEFAULT_POLICY
      if (!row) return
      try {
        live = completePolicy(checkPolicy(row.document), row.version)
      } catch (err) {
        // It was checked when it was stored: by a build that knew other names.
        log.error({ err, version: row.version }, 'the ranking policy is of another version of the product: the defaults rank')
      }
    },
  }
}
