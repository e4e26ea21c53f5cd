import { sql } from 'kysely'
import type { ArticleId, PageId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { isKnownSql } from '../catalogue/catalogue.sql.ts'
import type { PageRow } from './logged-page.ts'

/** A click comes so long after its page, at most; hardly one comes later. Younger pages are not read: they may still be clicked. */
const SETTLED_MINUTES = 30

/** When the oldest of the newest `limit` settled pages was served; undefined without pages. */
export async function findPagesSince(db: Db, limit: number): Promise<Date | undefined> {
  const { rows } = await sql<{ since: Date | null }>`
    select min(made_at) as since from (
      select made_at from page where made_at < now() - make_interval(mins => ${SETTLED_MINUTES}) order by made_at desc limit ${limit}) newest`.execute(
    db,
  )
  return rows[0]?.since ?? undefined
}

export type StoredPage = PageRow & { id: PageId; madeAt: string }

/** Settled pages of known viewers, in order of time. */
export async function listSettledPages(
  db: Db,
  { since, after, limit }: { since: Date; after?: Pick<StoredPage, 'id' | 'madeAt'>; limit: number },
): Promise<StoredPage[]> {
  const from = after ? sql`(made_at, id) > (${after.madeAt}::timestamptz, ${after.id})` : sql`made_at >= ${since}`
  const { rows } = await sql<StoredPage>`
    select id, made_at::text as "madeAt", viewer, policy, article_ids as "articleIds", sources, propensity, why from page
     where made_at >= ${since} and ${from} and made_at < now() - make_interval(mins => ${SETTLED_MINUTES}) and ${isKnownSql('page.viewer', 'page.made_at')}
     order by made_at, id limit ${limit}`.execute(db)
  return rows
}

/** Clicks that came from pages, since then. */
export async function listPageClicks(db: Db, since: Date, limit: number): Promise<{ pageId: PageId; articleId: ArticleId }[]> {
  const { rows } = await sql<{ pageId: PageId; articleId: ArticleId }>`
    select page_id as "pageId", article_id as "articleId" from behaviour
     where action = 'click' and page_id is not null and at >= ${since} order by at limit ${limit}`.execute(db)
  return rows
}
