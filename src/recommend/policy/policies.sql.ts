import { sql } from 'kysely'
import { invalid } from '../../base/problem.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { POLICY_VERSION_MAX } from '../contract.ts'
import type { PolicyDocument } from './policy-schema.ts'

export interface PolicyRow {
  version: number
  madeAt: Date
  document: PolicyDocument
}

const COLUMNS = sql`ranking_policy.version, made_at as "madeAt", document`

/** Undefined if the defaults are live. */
export async function findLivePolicy(db: Db | Tx): Promise<PolicyRow | undefined> {
  const { rows } = await sql<PolicyRow>`
    select ${COLUMNS} from (select version from ranking_policy_use order by id desc limit 1) newest join ranking_policy using (version)`.execute(
    db,
  )
  return rows[0]
}

export async function findPolicies(db: Db | Tx, versions: readonly number[]): Promise<PolicyRow[]> {
  const { rows } = await sql<PolicyRow>`select ${COLUMNS} from ranking_policy where version = any(${versions}::int[])`.execute(db)
  return rows
}

/** The version of the same document if there is one: a file that is used again makes no new policy. `by`: who stores it. */
export async function storePolicy(tx: Tx, document: PolicyDocument, by: string | null = null): Promise<number> {
  await sql`lock table ranking_policy in share row exclusive mode`.execute(tx)
  const text = JSON.stringify(document)
  const { rows } = await sql<{ version: number }>`
    with same as (select version from ranking_policy where document = ${text}::jsonb order by version desc limit 1),
    made as (
      insert into ranking_policy (document, made_by)
      select ${text}::jsonb, ${by} where not exists (select from same) and not exists (select from ranking_policy where version >= ${POLICY_VERSION_MAX})
      returning version)
    select version from same union all select version from made`.execute(tx)
  if (!rows[0]) throw invalid(`no other policy can be stored: there is a policy ${POLICY_VERSION_MAX}, and pages can name no higher one`)
  return rows[0].version
}

/** Until the transaction ends no other changes which policy is live, nor starts an experiment beside it. */
export async function lockUses(tx: Tx): Promise<void> {
  await sql`lock table ranking_policy_use in share row exclusive mode`.execute(tx)
}

/** 0: the defaults. */
export async function insertUse(tx: Tx, version: number): Promise<void> {
  await sql`insert into ranking_policy_use (version) values (nullif(${version}::int, 0))`.execute(tx)
}

export interface PolicyUse {
  version: number
  name: string | null
  since: Date
  /** Undefined for the one that is live. */
  until: Date | null
}

/** The newest first. */
export async function listPolicyUses(db: Db, limit: number): Promise<PolicyUse[]> {
  const { rows } = await sql<PolicyUse>`
    select coalesce(used.version, 0) as version, document ->> 'name' as name, since, lead(since) over (order by used.id) as until
      from ranking_policy_use used left join ranking_policy using (version) order by used.id desc limit ${limit}`.execute(db)
  return rows
}

export interface StoredPolicy {
  version: number
  name: string | null
  madeAt: Date
  /** Null: by a build that did not note it. */
  madeBy: string | null
  /** When it was put into use last. */
  usedAt: Date | null
}

/** The newest first, used or not. */
export async function listPolicies(db: Db, limit: number): Promise<StoredPolicy[]> {
  const { rows } = await sql<StoredPolicy>`
    select version, document ->> 'name' as name, made_at as "madeAt", made_by as "madeBy",
           (select max(since) from ranking_policy_use used where used.version = stored.version) as "usedAt"
      from ranking_policy stored order by version desc limit ${limit}`.execute(db)
  return rows
}
