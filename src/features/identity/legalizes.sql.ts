// Applications to be verified. Each is about one version of an identity.

import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { AdminPage } from '../../http/admin-lists.ts'

export interface Legalize {
  id: bigint
  reader_id: ReaderId
  account: string | null
  name: string
  status: 1 | 2 | 3
  reject_reason: string | null
  created_at: Date
}

const COLUMNS = sql`legalize.id, reader_id, account, name, status, reject_reason, legalize.created_at`
const FROM = sql`legalize join reader on reader.id = reader_id`

/** Opens an application once name and number are there, in place of one that waits. In the transaction that has changed the identity. */
export async function replaceLegalize(tx: Tx, reader: ReaderId): Promise<void> {
  await sql`delete from legalize where reader_id = ${reader} and status = 1`.execute(tx)
  await sql`
    insert into legalize (reader_id) select reader_id from identity
     where reader_id = ${reader} and real_name is not null and id_number is not null`.execute(tx)
}

export async function listLegalizes(
  db: Db,
  status: number | undefined,
  { offset, limit, newestFirst }: AdminPage,
): Promise<ListPage<Legalize>> {
  const matches = sql`(${status ?? null}::smallint is null or status = ${status ?? null})`
  return readListPage(db, {
    total: sql`select count(*)::int as total from ${FROM} where ${matches}`,
    rows: sql<Legalize>`
      select ${COLUMNS} from ${FROM} where ${matches}
       order by legalize.id ${newestFirst ? sql`desc` : sql`asc`} offset ${offset} limit ${limit}`,
  })
}

export async function findLegalize(db: Db, id: bigint): Promise<Legalize | undefined> {
  const { rows } = await sql<Legalize>`select ${COLUMNS} from ${FROM} where legalize.id = ${id}`.execute(db)
  return rows[0]
}

/** Decides those that wait; returns them. Of two decisions at the same moment the second finds none. */
export async function decideLegalizes(
  tx: Tx,
  { ids, status, reason }: { ids: bigint[]; status: 2 | 3; reason: string | null },
): Promise<{ id: bigint; reader_id: ReaderId }[]> {
  const { rows } = await sql<{ id: bigint; reader_id: ReaderId }>`
    update legalize set status = ${status}, reject_reason = ${reason}, decided_at = now()
     where id = any(array(select id from legalize where id = any(${ids}::bigint[]) and status = 1 order by id for update)) returning id, reader_id`.execute(
    tx,
  )
  return rows
}

/** A verified reader may sign in to the studio, and is shown as an author. */
export async function setVerified(tx: Tx, readers: ReaderId[], verified: boolean): Promise<void> {
  await sql`update reader set is_media = ${verified}, is_verified = ${verified} where id = any(${readers}::bigint[])`.execute(tx)
}

export interface LegalizeProfile {
  gender: number | null
  birthday: string | null
  area: string | null
  company: string | null
  career: string | null
  pictures: string[]
}

/** `pictures`: the names of those that the reader has sent. */
export async function findLegalizeProfile(db: Db, reader: ReaderId): Promise<LegalizeProfile | undefined> {
  const { rows } = await sql<LegalizeProfile>`
    select gender, birthday, area, company, career,
           array_remove(array[case when id_card_front is not null then 'id_card_front' end, case when id_card_back is not null then 'id_card_back' end,
                              case when id_card_handheld is not null then 'id_card_handheld' end], null) as pictures
      from reader left join identity on reader_id = reader.id where reader.id = ${reader}`.execute(db)
  return rows[0]
}
