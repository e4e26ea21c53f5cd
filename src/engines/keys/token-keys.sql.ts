import { sql } from 'kysely'
import { REFRESH_SECONDS } from '../../base/token-pair.ts'
import type { Db } from '../database/database.ts'

export const KEPT_SECONDS = REFRESH_SECONDS + 86_400 // the last token of a replaced key has then expired

export interface TokenKeyRow {
  id: bigint
  salt: Buffer
  created_at: Date
  retired_at: Date | null
}

/** The newest first. */
export async function listTokenKeys(db: Db): Promise<TokenKeyRow[]> {
  const { rows } = await sql<TokenKeyRow>`select id, salt, created_at, retired_at from token_key order by id desc`.execute(db)
  return rows
}

/** Adds a first key if there is none. Processes that start together add one: each looks when the one before it has committed. */
export async function createFirstTokenKey(db: Db, salt: Buffer): Promise<void> {
  await db.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(hashtext('first token key'))`.execute(tx)
    await sql`insert into token_key (salt) select ${salt} where not exists (select from token_key)`.execute(tx)
  })
}

/** Adds a key and retires the others. With `endOld` they are deleted, so that their tokens end at once. */
export async function rotateTokenKeys(db: Db, salt: Buffer, { endOld }: { endOld: boolean }): Promise<bigint> {
  return db.transaction().execute(async tx => {
    if (endOld) await sql`delete from token_key`.execute(tx)
    else await sql`update token_key set retired_at = now() where retired_at is null`.execute(tx)
    const { rows } = await sql<{ id: bigint }>`insert into token_key (salt) values (${salt}) returning id`.execute(tx)
    return (rows[0] as { id: bigint }).id
  })
}

/** Deletes keys whose last token has expired; returns how many. */
export async function deleteRetiredTokenKeys(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`delete from token_key where retired_at < now() - make_interval(secs => ${KEPT_SECONDS})`.execute(db)
  return Number(numAffectedRows)
}
