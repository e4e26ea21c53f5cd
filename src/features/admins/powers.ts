// No administrator gives, or takes over, more than they have: each changes only groups and administrators that may do nothing
// which they may not do themself.

import { forbidden } from '../../base/problem.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import { findGroupOf, type Powers, readGroupPowers } from './permissions.sql.ts'

const EVERYTHING: Powers = { hasAll: true, codes: [] }
const NOTHING: Powers = { hasAll: false, codes: [] }

const DENIED = 'Permission denied.'

/** What the operator may do. The command line may do everything. */
export async function powersOf(db: Db | Tx, { id }: Operator): Promise<Powers> {
  if (id === null) return EVERYTHING
  const groupId = await findGroupOf(db, id)
  return (groupId && (await readGroupPowers(db, groupId))) || NOTHING
}

/** Throws `forbidden` if `other` may do something that `own` may not. */
export function requireAtLeast(own: Powers, other: Powers): void {
  if (own.hasAll) return
  if (other.hasAll || other.codes.some(code => !own.codes.includes(code))) throw forbidden(DENIED)
}

/** Throws `forbidden` if the group may do something that the operator may not. */
export async function requireAtLeastGroup(db: Db | Tx, operator: Operator, groupId: number): Promise<void> {
  requireAtLeast(await powersOf(db, operator), (await readGroupPowers(db, groupId)) ?? NOTHING)
}
