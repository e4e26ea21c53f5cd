// What operators do with ranking policies. The recommender's part is given by the composition root.

import type { Operator } from '../../http/access.ts'
import type { TriedPolicy } from '../../recommend/off-policy/own-log.ts'
import type { PolicyUse, StoredPolicy } from '../../recommend/policy/policies.sql.ts'
import type { PolicyDocument } from '../../recommend/policy/policy-schema.ts'

export interface OperatorPolicies {
  /** 0: the defaults. */
  liveVersion(): Promise<number>
  /** Refused if there is none. */
  find(version: number): Promise<PolicyDocument>
  /** The newest first. */
  listUses(limit: number): Promise<PolicyUse[]>
  /** All that are stored, the newest first. */
  list(limit: number): Promise<StoredPolicy[]>
  /** Refused with the path of each wrong value. */
  parse(file: string): PolicyDocument
  /** What it would have been worth on the log. */
  try(document: PolicyDocument): Promise<TriedPolicy>
  /** Stores it without using it, and returns its version. */
  add(operator: Operator, document: PolicyDocument): Promise<number>
  /** Every process ranks by it from the next page on. Throws `conflict` if another than `base` is live. */
  use(operator: Operator, version: number, base?: number): Promise<void>
}
