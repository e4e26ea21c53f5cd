import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { CHINESE_CHARACTER, type Language } from '../../base/language.ts'
import type { Db } from '../../engines/database/database.ts'
import { unseenColumn } from '../../engines/database/unseen.ts'
import { blockedAuthorIds, visibleTo } from '../../engines/database/visible.sql.ts'
import type { Filters } from '../../engines/search/search.ts'

/** The authors that a reader blocks. */
export async function listBlockedAuthors(db: Db, reader: ReaderId): Promise<ReaderId[]> {
  const { rows } = await sql<{ blocked_id: ReaderId }>`${blockedAuthorIds(reader)}`.execute(db)
  return rows.map(row => row.blocked_id)
}

/** The articles among these that the reader likes. */
export async function likedOf(db: Db, reader: ReaderId, ids: ArticleId[]): Promise<Set<ArticleId>> {
  const { rows } = await sql<{ id: ArticleId }>`
    select article_id as id from attitude where reader_id = ${reader} and article_id = any(${ids}::bigint[]) and value = 1`.execute(db)
  return new Set(rows.map(row => row.id))
}

/** Authors of articles that the reader may be offered, whose names begin with this. */
export async function findAuthorsByPrefix(db: Db, beginning: string, { reader, limit }: { reader: ReaderId | undefined; limit: number }) {
  const pattern = `${beginning.replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<{ aut_id: ReaderId; aut_name: string }>`
    select id as aut_id, name as aut_name from reader where name like ${pattern}
       and exists (select from ${visibleTo(reader)} article where author_id = reader.id) order by char_length(name), id limit ${limit}`.execute(
    db,
  )
  return rows
}

interface NewestOf {
  channelId: ChannelId
  reader: ReaderId | undefined
  filters: Filters
  limit: number
  language: Language
}

/** The newest articles of a channel that the reader may be offered, those in the language first. */
export async function listNewestOf(db: Db, { channelId, reader, filters, limit, language }: NewestOf): Promise<ArticleId[]> {
  const { authorId, after, before, withCover } = filters
  const { rows } = await sql<{ id: ArticleId }>`
    select id from (select id, title, published_at from ${visibleTo(reader)} article
     where channel_id = ${channelId} and (${authorId ?? null}::bigint is null or author_id = ${authorId ?? null})
       and published_at >= coalesce(to_timestamp(${after ?? null}::float8 / 1000), '-infinity')
       and published_at <= coalesce(to_timestamp(${before ?? null}::float8 / 1000), 'infinity')
       and (${withCover ?? null}::bool is null or (cardinality(cover) > 0) = ${withCover ?? null})
     order by published_at desc, id desc limit ${limit}) newest
     order by (title ~ ${sql.lit(CHINESE_CHARACTER)}) = ${language === 'zh'} desc, published_at desc, id desc`.execute(db)
  return rows.map(row => row.id)
}

export async function sortByTime(db: Db, ids: ArticleId[]): Promise<ArticleId[]> {
  const { rows } = await sql<{ id: ArticleId }>`
    select id from published_article where id = any(${ids}::bigint[]) order by published_at desc, id desc`.execute(db)
  return rows.map(row => row.id)
}

export async function saveList(
  db: Db,
  { key, viewer, query, ids }: { key: string; viewer: string | undefined; query: string; ids: ArticleId[] },
  seconds: number,
): Promise<void> {
  await sql`
    insert into search_list (key, viewer, query, ids, expires_at) values (${key}, ${viewer ?? null}, ${query}, ${ids}::bigint[], now() + make_interval(secs => ${seconds}))
    on conflict (key) do update set ids = excluded.ids, expires_at = excluded.expires_at`.execute(db)
}

export async function findStoredList(db: Db, key: string): Promise<ArticleId[] | undefined> {
  const { rows } = await sql<{ ids: ArticleId[] }>`select ids from search_list where key = ${key} and expires_at > now()`.execute(db)
  return rows[0]?.ids
}

export async function deleteExpiredLists(db: Db, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from search_list where key = any(array(select key from search_list where expires_at < now() order by expires_at limit ${limit}))`.execute(
    db,
  )
  return Number(numAffectedRows)
}

export async function recordKeyword(db: Db, reader: ReaderId, keyword: string, keep: number): Promise<void> {
  await sql`
    with remembered as (
      insert into search_history (reader_id, keyword, at) values (${reader}, ${keyword}, clock_timestamp())
      on conflict (reader_id, keyword) do update set at = excluded.at
    )
    delete from search_history where reader_id = ${reader} and keyword <> ${keyword} and keyword = any(array(
      select keyword from search_history where reader_id = ${reader} and keyword <> ${keyword} order by at desc offset ${keep - 1}))`.execute(
    db,
  )
}

export async function listRecentKeywords(db: Db, reader: ReaderId, limit: number): Promise<string[]> {
  const { rows } = await sql<{ keyword: string }>`
    select keyword from search_history where reader_id = ${reader} order by at desc, keyword limit ${limit}`.execute(db)
  return rows.map(row => row.keyword)
}

/** One keyword, or all of them. */
export async function removeKeywords(db: Db, reader: ReaderId, keyword: string | undefined): Promise<void> {
  await sql`delete from search_history where reader_id = ${reader} and (${keyword ?? null}::text is null or keyword = ${keyword ?? null})`.execute(
    db,
  )
}

export async function recordQuery(db: Db, query: string, viewer: Buffer): Promise<void> {
  await sql`insert into search_asked (query, viewer, hour) values (${query}, ${viewer}, date_trunc('hour', now())) on conflict do nothing`.execute(
    db,
  )
}

export async function deleteOldQueries(db: Db, days: number, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from search_asked where ctid = any(array(select ctid from search_asked where hour < now() - make_interval(days => ${days}) limit ${limit}))`.execute(
    db,
  )
  return Number(numAffectedRows)
}

/** Queries of at least `viewersMin` viewers in the last `days`. */
export async function listPopularQueries(db: Db, { days, viewersMin, limit }: { days: number; viewersMin: number; limit: number }) {
  const { rows } = await sql<{ query: string; viewers: number }>`
    select query, count(distinct viewer)::int as viewers from search_asked where hour > now() - make_interval(days => ${days})
     group by query having count(distinct viewer) >= ${viewersMin} order by viewers desc, query limit ${limit}`.execute(db)
  return rows
}

/** The queries with the most viewers in the last day, and their viewers on the day before. */
export async function listHotQueries(db: Db, { viewersMin, limit }: { viewersMin: number; limit: number }) {
  const { rows } = await sql<{ query: string; viewers: number; before: number }>`
    select query, count(distinct viewer) filter (where hour > now() - interval '1 day')::int as viewers,
           count(distinct viewer) filter (where hour <= now() - interval '1 day')::int as before
      from search_asked where hour > now() - interval '2 days'
     group by query having count(distinct viewer) filter (where hour > now() - interval '1 day') >= ${viewersMin}
     order by viewers desc, query limit ${limit}`.execute(db)
  return rows
}

export interface Opening {
  viewer: string
  articleId: ArticleId
}

/** Records openings of articles that are in the viewer's last list of results; others are ignored. */
export async function insertOpenings(db: Db, openings: Opening[]): Promise<void> {
  await sql`
    insert into search_opening (viewer, query, article_id, position)
    select opened.viewer, last.query, article.id, array_position(last.ids, article.id) - 1
      from unnest(${unseenColumn('text', openings, one => one.viewer)}, ${unseenColumn('bigint', openings, one => one.articleId)}) opened (viewer, id)
      cross join lateral (
        select query, ids from search_list list where list.viewer = opened.viewer and expires_at > now() order by expires_at desc limit 1
      ) last
      join published_article article on article.id = opened.id and article.id = any(last.ids)`.execute(db)
}

/** Returns how many it deleted, at most `limit`. */
export async function deleteOldOpenings(db: Db, days: number, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from search_opening where id = any(array(
      select id from search_opening where at < now() - make_interval(days => ${days}) order by at limit ${limit}))`.execute(db)
  return Number(numAffectedRows)
}

/** The titles of those articles that everybody may see, in this order. */
export async function listTitles(db: Db, ids: ArticleId[]): Promise<string[]> {
  const { rows } = await sql<{ title: string }>`
    select title from published_article where id = any(${ids}::bigint[]) order by array_position(${ids}::bigint[], id)`.execute(db)
  return rows.map(row => row.title)
}

/** The names of authors and channels, for suggestions. */
export async function listNames(db: Db) {
  const { rows } = await sql<{ text: string; kind: 'author' | 'channel'; docs: number }>`
    select reader.name as text, 'author' as kind, count(*)::int as docs from published_article article join reader on reader.id = author_id
     where char_length(reader.name) <= 50 group by reader.id
    union all select channel.name, 'channel', 1 from channel where visible`.execute(db)
  return rows
}
