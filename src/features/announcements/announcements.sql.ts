import { sql } from 'kysely'
import type { AnnouncementId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { OffsetLimit } from '../../http/paging.ts'

export interface AnnouncementHead {
  id: AnnouncementId
  title: string
  published_at: Date
}

export interface AnnouncementRow extends AnnouncementHead {
  html: string
}

export async function insertAnnouncement(tx: Tx, row: { id: AnnouncementId; title: string; html: string }): Promise<void> {
  await tx.insertInto('announcement').values(row).execute()
}

/** What it was. Undefined if there is none. */
export async function deleteAnnouncement(tx: Tx, id: AnnouncementId): Promise<Pick<AnnouncementRow, 'title' | 'html'> | undefined> {
  return tx.deleteFrom('announcement').where('id', '=', id).returning(['title', 'html']).executeTakeFirst()
}

/** The newest first. */
export async function listAnnouncements(db: Db, { offset, limit }: OffsetLimit): Promise<AnnouncementHead[]> {
  return db
    .selectFrom('announcement')
    .select(['id', 'title', 'published_at'])
    .orderBy('published_at', 'desc')
    .orderBy('id', 'desc')
    .offset(offset)
    .limit(limit)
    .execute()
}

export async function countAnnouncements(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from announcement`.execute(db)
  return rows[0]?.count ?? 0
}

export async function findAnnouncement(db: Db, id: AnnouncementId): Promise<AnnouncementRow | undefined> {
  return db.selectFrom('announcement').select(['id', 'title', 'html', 'published_at']).where('id', '=', id).executeTakeFirst()
}
