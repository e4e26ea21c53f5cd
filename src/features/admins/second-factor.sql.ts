import { sql } from 'kysely'
import type { AdministratorId, AdministratorSessionId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

export interface SecondFactorRow {
  secret: Buffer
  confirmed: boolean
}

export async function findSecondFactor(db: Db, id: AdministratorId): Promise<SecondFactorRow | undefined> {
  const { rows } = await sql<SecondFactorRow>`
    select secret, confirmed_at is not null as confirmed from second_factor where administrator_id = ${id}`.execute(db)
  return rows[0]
}

/** Replaces a secret that was never confirmed. False if one is confirmed. */
export async function saveSecret(db: Db, id: AdministratorId, secret: Buffer): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into second_factor (administrator_id, secret) values (${id}, ${secret})
    on conflict (administrator_id) do update set secret = excluded.secret, last_step = 0 where second_factor.confirmed_at is null`.execute(
    db,
  )
  return numAffectedRows === 1n
}

/** False if the step, or a later one, has been used. One of two requests with the same code wins. */
export async function takeStep(db: Db, id: AdministratorId, step: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update second_factor set last_step = ${step}
     where administrator_id = ${id} and confirmed_at is not null and last_step < ${step}`.execute(db)
  return numAffectedRows === 1n
}

/**
 * Also ends all sessions of the administrator but `keep`: they were started without the second factor. False, with nothing changed,
 * if a concurrent request has confirmed it, or replaced the secret.
 */
export async function confirmSecret(
  db: Db,
  id: AdministratorId,
  { secret, step, codeHashes, keep }: { secret: Buffer; step: number; codeHashes: Buffer[]; keep: AdministratorSessionId },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with confirmed as (
      update second_factor set confirmed_at = now(), last_step = ${step}
       where administrator_id = ${id} and secret = ${secret} and confirmed_at is null returning administrator_id
    ), others as (
      update administrator_session set revoked_at = now()
       where administrator_id = (select administrator_id from confirmed) and id <> ${keep} and revoked_at is null
    )
    insert into recovery_code (administrator_id, code_hash)
    select administrator_id, unnest(${codeHashes}::bytea[]) from confirmed`.execute(db)
  return numAffectedRows === BigInt(codeHashes.length)
}

/** Uses a recovery code up. False if it is unknown, or was used. */
export async function takeRecoveryCode(db: Db, id: AdministratorId, hash: Buffer): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from recovery_code where administrator_id = ${id} and code_hash = ${hash}`.execute(db)
  return numAffectedRows === 1n
}

export async function countRecoveryCodes(db: Db, id: AdministratorId): Promise<number> {
  const { rows } = await sql<{ left: number }>`select count(*)::int as left from recovery_code where administrator_id = ${id}`.execute(db)
  return rows[0]?.left ?? 0
}

/** False if there is none. */
export async function removeSecondFactor(db: Db | Tx, id: AdministratorId): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from second_factor where administrator_id = ${id}`.execute(db)
  return numAffectedRows === 1n
}
