import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { NoticeSettings } from './notices.schema.ts'

export async function findSettings(db: Db, readerId: ReaderId): Promise<NoticeSettings | undefined> {
  const { rows } = await sql<NoticeSettings>`
    select muted, quiet_from, quiet_to, presence from notice_setting where reader_id = ${readerId}`.execute(db)
  return rows[0]
}

/** Writes the settings that are given. Undefined if the reader is gone. */
export async function saveSettings(db: Db, readerId: ReaderId, patch: Partial<NoticeSettings>): Promise<NoticeSettings | undefined> {
  const { muted = null, quiet_from = null, quiet_to = null, presence = null } = patch
  const changesQuiet = 'quiet_from' in patch
  const { rows } = await sql<NoticeSettings>`
    insert into notice_setting as old (reader_id, muted, quiet_from, quiet_to, presence)
    select id, coalesce(${muted}::text[], '{}'), ${quiet_from}::smallint, ${quiet_to}::smallint, coalesce(${presence}::boolean, false)
      from reader where id = ${readerId}
    on conflict (reader_id) do update set
      muted = coalesce(${muted}::text[], old.muted),
      quiet_from = case when ${changesQuiet} then excluded.quiet_from else old.quiet_from end,
      quiet_to = case when ${changesQuiet} then excluded.quiet_to else old.quiet_to end,
      presence = coalesce(${presence}::boolean, old.presence)
    returning muted, quiet_from, quiet_to, presence`.execute(db)
  return rows[0]
}

/** Those of the readers who let `viewer` see that they are online. */
export async function listVisible(db: Db, viewer: ReaderId, readerIds: ReaderId[]): Promise<ReaderId[]> {
  const { rows } = await sql<{ id: ReaderId }>`
    select reader_id as id from notice_setting setting where reader_id = any(${readerIds}::bigint[]) and presence
       and not exists (select from blocking b where (b.reader_id, b.blocked_id) in ((${viewer}, setting.reader_id), (setting.reader_id, ${viewer})))`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}
