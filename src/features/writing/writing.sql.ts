// Writes articles. Each statement is its own transaction.

import { sql } from 'kysely'
import { ARTICLE_STATUS } from '../../base/article-status.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Fingerprint } from './fingerprint.ts'

export interface NewArticle {
  id: string
  author_id: string
  channel_id: ChannelId
  title: string
  cover: string[]
  keywords: string[]
  status: number
  allow_comment: boolean
  /** Where an imported article comes from: one that exists is not inserted again. Null: written here. */
  source_id: string | null
  published_at: string
  /** When it may be seen at the earliest, if that is later. */
  publish_at?: string | null
  /** Default: now. */
  written_at?: string
  html: string
  fingerprint: Fingerprint | null
}

/** Of the row `article`: changes with every edit and decision. */
export const VERSION = sql<string>`(extract(epoch from article.updated_at) * 1000000)::bigint::text`

export type InsertArticles = typeof insertArticles

/**
 * Inserts the articles whose id and source id are new; returns how many. Rows are locked in the order of the unique index on source ids, so
 * that concurrent imports cannot deadlock.
 */
export async function insertArticles(db: Db | Tx, origin: 'studio' | 'import' | 'demo', articles: NewArticle[]): Promise<number> {
  const lines = articles.map(({ fingerprint, ...line }) => ({ ...line, ...fingerprint }))
  const { rows } = await sql<{ added: number }>`
    with line as (
      select * from json_to_recordset(${JSON.stringify(lines)}::json) as line (
        id bigint, author_id bigint, channel_id int, title text, cover text[], keywords text[], status smallint, allow_comment boolean,
        source_id text, published_at timestamptz, publish_at timestamptz, written_at timestamptz, html text, hash bigint, bands int[])
    ), inserted as (
      insert into article (id, author_id, channel_id, title, cover, keywords, status, allow_comment, origin, source_id, published_at, publish_at,
                           created_at, updated_at)
      select id, author_id, channel_id, title, cover, keywords, status, allow_comment, ${origin}, source_id, published_at, publish_at,
             coalesce(written_at, now()), coalesce(written_at, now())
        from line order by source_id
      on conflict do nothing
      returning id
    ), content as (
      insert into article_content (article_id, html) select inserted.id, line.html from inserted join line using (id)
    ), fingerprint as (
      insert into article_simhash (article_id, hash, bands)
      select inserted.id, line.hash, line.bands from inserted join line using (id) where hash is not null
    )
    select count(*)::int as added from inserted`.execute(db)
  return rows[0]?.added ?? 0
}

export interface OwnArticle {
  id: ArticleId
  title: string
  html: string
  cover: string[]
  channel_id: ChannelId
  status: number
  published_at: Date
  publish_at: Date | null
  reject_reason: string | null
  version: string
}

/** An article of this author, of one of these statuses. */
export async function findOwnArticle(
  db: Db,
  { id, authorId, statuses }: { id: ArticleId; authorId: ReaderId; statuses: readonly number[] },
): Promise<OwnArticle | undefined> {
  const { rows } = await sql<OwnArticle>`
    select id, title, coalesce(html, '') as html, cover, channel_id, status, published_at, publish_at, reject_reason, ${VERSION} as version
      from article left join article_content on article_id = id
     where id = ${id} and author_id = ${authorId} and status = any(${statuses}::smallint[])`.execute(db)
  return rows[0]
}

/** As `findOwnArticle`, without reading the text. */
export async function ownArticleExists(
  db: Db,
  { id, authorId, statuses }: { id: ArticleId; authorId: ReaderId; statuses: readonly number[] },
): Promise<boolean> {
  const { rows } =
    await sql`select from article where id = ${id} and author_id = ${authorId} and status = any(${statuses}::smallint[])`.execute(db)
  return rows.length > 0
}

export interface Edit {
  id: ArticleId
  authorId: ReaderId
  title: string
  html: string
  fingerprint: Fingerprint | null
  cover: string[]
  channelId: ChannelId
  publishAt: Date | null
  from: readonly number[]
  to: number
  /** What the author has edited; absent: whatever stands there. */
  version?: string
}

/**
 * An edit ends an appeal that waits. Returns the new version. Undefined if the article is not the author's, its status is not in `from`,
 * or it has another version; then nothing is written.
 */
export async function updateArticle(db: Db | Tx, edit: Edit): Promise<string | undefined> {
  const { fingerprint } = edit
  const putFingerprint = fingerprint
    ? sql`insert into article_simhash (article_id, hash, bands) select id, ${fingerprint.hash}::bigint, ${fingerprint.bands}::int[] from changed
          on conflict (article_id) do update set hash = excluded.hash, bands = excluded.bands`
    : sql`delete from article_simhash using changed where article_simhash.article_id = changed.id`
  const { rows } = await sql<{ version: string }>`
    with changed as (
      update article set title = ${edit.title}, cover = ${edit.cover}::text[], channel_id = ${edit.channelId}, status = ${edit.to},
             publish_at = ${edit.publishAt}, reject_reason = null, updated_at = now()
       where id = ${edit.id} and author_id = ${edit.authorId} and status = any(${edit.from}::smallint[])
             ${edit.version === undefined ? sql`` : sql`and ${VERSION} = ${edit.version}`} returning id, ${VERSION} as version
    ), content as (
      insert into article_content (article_id, html) select id, ${edit.html} from changed
      on conflict (article_id) do update set html = excluded.html
    ), compared as (
      ${putFingerprint}
    ), lapsed as (
      delete from appeal using changed where appeal.article_id = changed.id and appeal.status = 1
    )
    select version from changed`.execute(db)
  return rows[0]?.version
}

export async function readVersion(db: Db | Tx, id: ArticleId): Promise<string> {
  const { rows } = await sql<{ version: string }>`select ${VERSION} as version from article where id = ${id}`.execute(db)
  return (rows[0] as { version: string }).version
}

/** Ends an appeal that waits. False as `updateArticle`. */
export async function changeOwnStatus(db: Db, { id, authorId, from, to }: Pick<Edit, 'id' | 'authorId' | 'from' | 'to'>): Promise<boolean> {
  const { rows } = await sql`
    with changed as (
      update article set status = ${to}, updated_at = now()
       where id = ${id} and author_id = ${authorId} and status = any(${from}::smallint[]) returning id
    ), lapsed as (
      delete from appeal using changed where appeal.article_id = changed.id and appeal.status = 1
    )
    select id from changed`.execute(db)
  return rows.length > 0
}

/** False if the article is not the author's or not published. */
export async function setAllowComment(db: Db, id: ArticleId, authorId: ReaderId, allow: boolean): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update article set allow_comment = ${allow} where id = ${id} and author_id = ${authorId} and status = ${sql.lit(ARTICLE_STATUS.published)}`.execute(
    db,
  )
  return numAffectedRows === 1n
}

/** Those of these paths of uploaded pictures (`files/…`) that have no file. */
export async function findMissingPictures(db: Db, paths: string[]): Promise<string[]> {
  const { rows } = await sql<{ path: string }>`
    select path from unnest(${paths}::text[]) path
     where path like 'files/%' and not exists (select from stored_file where 'files/' || name = path and stored and not private)`.execute(
    db,
  )
  return rows.map(({ path }) => path)
}

export async function channelExists(db: Db, id: ChannelId): Promise<boolean> {
  return (await db.selectFrom('channel').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}
