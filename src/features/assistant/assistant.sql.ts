import { type RawBuilder, sql } from 'kysely'
import type { ChannelId, ReaderId } from '../../base/id.ts'
import { CHINESE_CHARACTER, type Language } from '../../base/language.ts'
import type { Db } from '../../engines/database/database.ts'
import { visibleTo } from '../../engines/database/visible.sql.ts'
import type { FoundArticle } from './provider.ts'

const CHINESE = sql.lit(CHINESE_CHARACTER)

/** Moments. `end` is not included. */
export interface Span {
  begin: Date
  end: Date
}

const within = (column: string, span: Span | undefined): RawBuilder<unknown> =>
  span ? sql`and ${sql.ref(column)} >= ${span.begin} and ${sql.ref(column)} < ${span.end}` : sql``

export interface NewsRequest {
  reader: ReaderId | undefined
  channelIds: ChannelId[]
  span: Span | undefined
  /** The titles are in this language, if any of the newest are. */
  language: Language | undefined
  limit: number
}

/** The newest articles that the product may offer to the reader: of each channel as many are looked at as are wanted. */
export async function listNewest(db: Db, { reader, channelIds, span, language, limit }: NewsRequest): Promise<FoundArticle[]> {
  const isWanted = language === undefined ? sql`true` : sql`(title ~ ${CHINESE}) = ${language === 'zh'}`
  const { rows } = await sql<FoundArticle>`
    with newest as (
      select article.*, ${isWanted} as wanted from unnest(${channelIds}::int[]) channel (id) cross join lateral (
        select id, title, published_at from ${visibleTo(reader)} article
         where channel_id = channel.id ${within('published_at', span)} order by published_at desc limit ${limit}) article
    )
    select id, title from newest where wanted or not exists (select from newest where wanted)
     order by published_at desc, id desc limit ${limit}`.execute(db)
  return rows
}

/** What the reader has opened. */
export const readBy = (reader: ReaderId) => sql`select article_id, at from history where reader_id = ${reader}`
export const collectedBy = (reader: ReaderId) => sql`select article_id, at from collection where reader_id = ${reader}`

/** `own`: a query of (article_id, at). The newest first. */
export async function listOwn(db: Db, own: RawBuilder<unknown>, span: Span | undefined, limit: number): Promise<FoundArticle[]> {
  const { rows } = await sql<FoundArticle>`
    select article.id, article.title from (${own}) own join published_article article on article.id = own.article_id
     where true ${within('own.at', span)} order by own.at desc, own.article_id desc limit ${limit}`.execute(db)
  return rows
}

/** Of the authors whom a reader follows the last. */
const FOLLOWED_MAX = 1_000

export async function listFollowed(db: Db, reader: ReaderId, span: Span | undefined, limit: number): Promise<FoundArticle[]> {
  const { rows } = await sql<FoundArticle>`
    select article.id, article.title from (
      select creator_id from following where reader_id = ${reader} order by at desc, creator_id desc limit ${sql.lit(FOLLOWED_MAX)}
    ) followed cross join lateral (
      select id, title, published_at from ${visibleTo(reader)} article
       where author_id = creator_id ${within('published_at', span)} order by published_at desc limit ${limit}) article
     order by published_at desc, id desc limit ${limit}`.execute(db)
  return rows
}

/** The author with this name, however it is spelled, and what they published last. */
export async function listByName(
  db: Db,
  reader: ReaderId | undefined,
  name: string,
  limit: number,
): Promise<(FoundArticle & { name: string })[]> {
  const { rows } = await sql<FoundArticle & { name: string }>`
    select article.id, article.title, author.name from reader author cross join lateral (
      select id, title, published_at from ${visibleTo(reader)} article
       where author_id = author.id order by published_at desc limit ${limit}) article
     where skeleton(author.name) = skeleton(${name}) order by published_at desc, id desc`.execute(db)
  return rows
}

/** The titles of these articles, in their order. */
export async function listTitles(db: Db, ids: readonly bigint[]): Promise<FoundArticle[]> {
  const { rows } = await sql<FoundArticle>`
    select article.id, article.title from unnest(${ids}::bigint[]) with ordinality wanted (id, place)
      join published_article article using (id) order by place`.execute(db)
  return rows
}
