// The policies that rank, in every process: the live one, and those of the arms of an experiment. They are read at start, again when
// the change log says that another one is used, and when an experiment starts or ends.

import type { Log } from '../../base/log.ts'
import type { Db } from '../../engines/database/database.ts'
import type { AssignedViewers, Assignment } from '../experiments/assigned-viewers.ts'
import { readStoredPolicy } from './check-policy.ts'
import { findLivePolicy, findPolicies, type PolicyRow } from './policies.sql.ts'
import { completePolicy, DEFAULT_POLICY, type Policy } from './policy.ts'

export interface Policies {
  /** The one that ranks what this viewer gets now: the same object as long as nothing has changed. */
  of(viewerKey: string | undefined): Policy
  /** The one that holds for what all viewers share: what counts as feedback. */
  live(): Policy
  /** The live one, and those of the arms. */
  all(): Policy[]
  load(): Promise<void>
}

/** For what ranks without a database. */
export const onePolicy = (policy: Policy = DEFAULT_POLICY): Policies => ({
  of: () => policy,
  live: () => policy,
  all: () => [policy],
  async load() {},
})

interface Needs {
  db: Db
  log: Log
  assignedViewers: Pick<AssignedViewers, 'of' | 'assignments' | 'load'>
}

export function createPolicies({ db, log, assignedViewers }: Needs): Policies {
  let live = DEFAULT_POLICY
  /** Not that of `live` if it cannot rank. */
  let liveVersion = live.version
  let arms = new Map<Assignment, Policy>()
  /** What `arms` was made for: with one that cannot rank it is empty. */
  let armsFor: readonly Assignment[] | undefined

  /** Undefined if it cannot rank. */
  function complete({ version, document }: Pick<PolicyRow, 'version' | 'document'>): Policy | undefined {
    try {
      return completePolicy(readStoredPolicy(document), version)
    } catch (err) {
      // It was checked when it was stored: by a build that knew other names.
      log.error({ err, version }, 'the ranking policy is of another version of the product and not used')
      return undefined
    }
  }

  async function loadLive(): Promise<void> {
    const row = await findLivePolicy(db)
    const version = row?.version ?? 0
    if (version === liveVersion) return
    live = (row && complete(row)) ?? DEFAULT_POLICY
    liveVersion = version
    armsFor = undefined
  }

  /** Without the policy of one arm there is no experiment in this process. */
  async function loadArms(): Promise<void> {
    const assignments = assignedViewers.assignments()
    if (assignments.length === armsFor?.length && assignments.every((assignment, i) => assignment === armsFor?.[i])) return
    const versions = assignments.flatMap(({ policyVersion }) => policyVersion ?? [])
    const rows = versions.some(version => version > 0) ? await findPolicies(db, versions) : []
    const policyOf = ({ policyVersion }: Assignment): Policy | undefined => {
      if (policyVersion === undefined || policyVersion === live.version) return live
      if (policyVersion === 0) return DEFAULT_POLICY
      const row = rows.find(({ version }) => version === policyVersion)
      return row && complete(row)
    }
    const found = assignments.map(assignment => ({ assignment, policy: policyOf(assignment) }))
    arms = new Map(found.flatMap(({ assignment, policy }) => (policy ? [[assignment, { ...policy, assignment }]] : [])))
    if (arms.size < assignments.length) arms = new Map()
    armsFor = assignments
  }

  return {
    of(viewerKey) {
      const assignment = arms.size > 0 ? assignedViewers.of(viewerKey) : undefined
      return (assignment && arms.get(assignment)) ?? live
    },
    live: () => live,
    all: () => [live, ...arms.values()],
    async load() {
      await assignedViewers.load()
      await loadLive()
      await loadArms()
    },
  }
}
