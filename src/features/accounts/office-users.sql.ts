// Readers, as administrators see them.

import { type RawBuilder, sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { likeAnywhere } from '../../engines/database/like.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { AdminPage, DateRange } from '../../http/admin-lists.ts'

export interface OfficeUser {
  id: ReaderId
  account: string | null
  name: string
  email: string | null
  mobile: string | null
  last_login_at: Date | null
  is_verified: boolean
  is_media: boolean
  frozen: boolean
}

const COLUMNS = sql`id, account, name, email, mobile, last_login_at, is_verified, is_media, frozen`

/** `since` and `before` are about the last sign-in. */
export interface OfficeUserFilter extends DateRange {
  /** Part of a mobile number, of an account or of a name. */
  keyword?: string
  frozen?: boolean
}

function matches({ keyword, frozen, since, before }: OfficeUserFilter): RawBuilder<unknown> {
  const like = keyword === undefined ? undefined : likeAnywhere(keyword)
  const conditions = [
    sql`deleted_at is null`,
    like !== undefined && sql`(mobile like ${like} or account ilike ${like} or name ilike ${like})`,
    frozen !== undefined && sql`frozen = ${frozen}`,
    since !== undefined && sql`last_login_at >= to_timestamp(${since / 1_000})`,
    before !== undefined && sql`last_login_at < to_timestamp(${before / 1_000})`,
  ].filter(condition => typeof condition === 'object')
  return sql.join(conditions, sql` and `)
}

export async function listOfficeUsers(
  db: Db,
  filter: OfficeUserFilter,
  { offset, limit, newestFirst }: AdminPage,
): Promise<ListPage<OfficeUser>> {
  return readListPage(db, {
    total: sql`select count(*)::int as total from reader where ${matches(filter)}`,
    rows: sql<OfficeUser>`
      select ${COLUMNS} from reader where ${matches(filter)}
       order by id ${newestFirst ? sql`desc` : sql`asc`} offset ${offset} limit ${limit}`,
  })
}

/** In the order of their ids. `lock`: other changes of them wait until the end of the transaction. */
export async function officeUsersOf(db: Db | Tx, ids: ReaderId[], { lock = false } = {}): Promise<OfficeUser[]> {
  const { rows } = await sql<OfficeUser>`
    select ${COLUMNS} from reader where id = any(${ids}::bigint[]) and deleted_at is null order by id ${lock ? sql`for update` : sql``}`.execute(
    db,
  )
  return rows
}

export interface NewUser {
  id: ReaderId
  account: string
  name: string
  mobile: string
  gender: number
  photo: string | null
  intro: string
  email: string | null
  area: string | null
  company: string | null
  career: string | null
}

/** The first of account, name and mobile that another reader has; then nothing is written. */
export async function insertUser(tx: Tx, user: NewUser): Promise<'account' | 'name' | 'mobile' | undefined> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('reader')
    .values({ ...user, origin: 'office' })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 1n) return undefined
  const { rows } = await sql<{ taken: 'account' | 'name' | 'mobile' }>`
    select case when account = ${user.account} then 'account' when skeleton(name) = skeleton(${user.name}) then 'name' else 'mobile' end as taken from reader
     where account = ${user.account} or skeleton(name) = skeleton(${user.name}) or mobile = ${user.mobile} order by 1 limit 1`.execute(tx)
  return rows[0]?.taken ?? 'mobile'
}
