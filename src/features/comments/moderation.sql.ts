// Pinning comments, and the article that a list of them belongs to.

import { sql } from 'kysely'
import type { ArticleId, CommentId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export async function setPinned(db: Db, id: CommentId, pinned: boolean): Promise<void> {
  await sql`update comment set pinned = ${pinned} where id = ${id} and pinned <> ${pinned}`.execute(db)
}

export interface ArticleHeading {
  id: ArticleId
  title: string
  published_at: Date
}

export async function findHeading(db: Db, id: ArticleId): Promise<ArticleHeading | undefined> {
  return db.selectFrom('published_article').select(['id', 'title', 'published_at']).where('id', '=', id).executeTakeFirst()
}
