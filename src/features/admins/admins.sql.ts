import { sql } from 'kysely'
import type { AdministratorId, AdministratorSessionId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

export interface Administrator {
  id: AdministratorId
  account: string
  password_hash: string
  name: string
  group_id: number
  frozen: boolean
}

/** The group of those who may do everything. */
const FIRST_GROUP = 1

/** False if the account is taken. */
export async function createAdministrator(
  db: Db | Tx,
  {
    id,
    account,
    hash,
    name,
    groupId = FIRST_GROUP,
  }: { id: AdministratorId; account: string; hash: string; name: string; groupId?: number },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into administrator (id, account, password_hash, name, group_id) values (${id}, ${account}, ${hash}, ${name}, ${groupId})
    on conflict (account) do nothing`.execute(db)
  return numAffectedRows === 1n
}

export async function hasAdministrators(db: Db | Tx): Promise<boolean> {
  const { rows } = await sql`select from administrator limit 1`.execute(db)
  return rows.length > 0
}

const administrators = (db: Db) => db.selectFrom('administrator').select(['id', 'account', 'password_hash', 'name', 'group_id', 'frozen'])

export function findAdministratorByAccount(db: Db, account: string): Promise<Administrator | undefined> {
  return administrators(db).where('account', '=', account).executeTakeFirst()
}

export function findAdministratorById(db: Db, id: AdministratorId): Promise<Administrator | undefined> {
  return administrators(db).where('id', '=', id).executeTakeFirst()
}

/** Uses up one attempt, before the password is checked, so that concurrent attempts are all counted. False if none is left. */
export async function takePasswordAttempt(
  db: Db,
  id: AdministratorId,
  { limit, minutes }: { limit: number; minutes: number },
): Promise<boolean> {
  const windowOver = sql`tried_since < now() - make_interval(mins => ${minutes})`
  const { numAffectedRows } = await sql`
    update administrator set tries = case when ${windowOver} then 1 else tries + 1 end, tried_since = case when ${windowOver} then now() else tried_since end
     where id = ${id} and (tries < ${limit} or ${windowOver})`.execute(db)
  return numAffectedRows === 1n
}

export async function resetPasswordAttempts(db: Db, id: AdministratorId): Promise<void> {
  await sql`update administrator set tries = 0 where id = ${id}`.execute(db)
}

export async function createAdminSession(
  db: Db,
  session: { id: AdministratorSessionId; administratorId: AdministratorId; seconds: number; network: string | null },
): Promise<void> {
  await sql`
    with session as (
      insert into administrator_session (id, administrator_id, expires_at, network)
      values (${session.id}, ${session.administratorId}, now() + make_interval(secs => ${session.seconds}), ${session.network})
    )
    update administrator set last_login_at = now(), access_count = access_count + 1 where id = ${session.administratorId}`.execute(db)
}

/** Whether the administrator has a session that was started from the client network. */
export async function isKnownNetwork(db: Db, id: AdministratorId, network: string): Promise<boolean> {
  const { rows } = await sql`
    select from administrator_session
     where administrator_id = ${id} and network = ${network} and revoked_at is null and expires_at > now() limit 1`.execute(db)
  return rows.length > 0
}

export interface AdminSessionState {
  /** Neither ended nor expired. */
  live: boolean
  /** The administrator has been frozen or deleted. */
  disabled: boolean
  name: string
  group_enabled: boolean
  has_all: boolean
  /** The operations that the group allows. */
  codes: string[]
  has_second_factor: boolean
}

export async function getAdminSessionState(
  db: Db,
  id: AdministratorSessionId,
  administratorId: AdministratorId,
): Promise<AdminSessionState> {
  const { rows } = await sql<AdminSessionState>`
    select coalesce(session.revoked_at is null and session.expires_at > now(), false) as live, administrator.frozen as disabled, administrator.name,
           administrator_group.enabled as group_enabled, administrator_group.has_all,
           case when session.id is null then '{}'
                else array(select code from group_permission join permission on permission.id = permission_id
                            where group_permission.group_id = administrator.group_id and type = 1) end as codes,
           exists (select from second_factor where administrator_id = administrator.id and confirmed_at is not null) as has_second_factor
      from administrator join administrator_group on administrator_group.id = group_id
      left join administrator_session session on session.id = ${id} and session.administrator_id = administrator.id
     where administrator.id = ${administratorId}`.execute(db)
  return rows[0] ?? { live: false, disabled: true, name: '', group_enabled: false, has_all: false, codes: [], has_second_factor: false }
}

/** Also ends all sessions of the administrator but `keep`, which changed the password. */
export async function updatePassword(db: Db, id: AdministratorId, hash: string, keep: AdministratorSessionId): Promise<void> {
  await sql`
    with others as (
      update administrator_session set revoked_at = now() where administrator_id = ${id} and id <> ${keep} and revoked_at is null
    )
    update administrator set password_hash = ${hash} where id = ${id}`.execute(db)
}

/** Ends all sessions of an administrator, or one; returns them. */
export async function endAdminSessions(tx: Db | Tx, id: AdministratorId, only?: AdministratorSessionId): Promise<AdministratorSessionId[]> {
  const { rows } = await sql<{ id: AdministratorSessionId }>`
    update administrator_session set revoked_at = now()
     where administrator_id = ${id} and revoked_at is null and expires_at > now() and (${only ?? null}::bigint is null or id = ${only ?? null})
    returning id`.execute(tx)
  return rows.map(row => row.id)
}

/** Deletes up to `limit` sessions that expired more than a day ago; returns how many. */
export async function deleteExpiredAdminSessions(db: Db, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from administrator_session where id in (
      select id from administrator_session where expires_at < now() - interval '1 day' limit ${limit})`.execute(db)
  return Number(numAffectedRows)
}
