import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../base/id.ts'
import type { Language } from '../base/language.ts'
import type { Db } from '../engines/database/database.ts'
import { blockedAuthorIds, dislikedArticleIds } from '../engines/database/visible.sql.ts'

export interface InterestsRow {
  followedIds: ReaderId[]
  /** The newest first. */
  clickedIds: ArticleId[]
  /** Milliseconds since 1970, in the order of clickedIds. */
  clickedAt: number[]
  dislikedIds: ArticleId[]
  blockedIds: ReaderId[]
  /** 0, and the lists empty, if the viewer has set no dials. */
  version: number
  language: Language | null
  interests: ChannelId[]
  mutedAuthors: ReaderId[]
  mutedChannels: ChannelId[]
  mutedWords: string[]
  notInterestedIds: ArticleId[]
}

/** `readerId` is undefined for a device, which has clicks only. */
export async function findInterests(
  db: Db,
  viewerKey: string,
  readerId: ReaderId | undefined,
  { days, limit }: { days: number; limit: number },
): Promise<InterestsRow> {
  const { rows } = await sql<InterestsRow>`
    with recent as materialized (
      select article_id, max(at) as at from behaviour
       where viewer = ${viewerKey} and action in ('click', 'search') and at > now() - make_interval(days => ${days})
       group by article_id order by max(at) desc limit ${limit}
    )
    select
      array(select creator_id from following where reader_id = ${readerId ?? null} order by at desc limit 1000) as "followedIds",
      array(select article_id from recent) as "clickedIds",
      array(select extract(epoch from at)::float8 * 1000 from recent) as "clickedAt",
      array(${dislikedArticleIds(readerId)}) as "dislikedIds",
      array(${blockedAuthorIds(readerId)}) as "blockedIds",
      coalesce(version, 0) as version, language, coalesce(interests, '{}') as interests,
      coalesce(muted_authors, '{}') as "mutedAuthors", coalesce(muted_channels, '{}') as "mutedChannels",
      coalesce(muted_words, '{}') as "mutedWords", coalesce(not_interested, '{}') as "notInterestedIds"
      from (select) one left join dial on dial.viewer = ${viewerKey}`.execute(db)
  return rows[0] as InterestsRow
}

/** Those of these articles whose titles have one of the words, which are in lower case. */
export async function findWithWords(db: Db, ids: readonly ArticleId[], words: readonly string[]): Promise<Set<ArticleId>> {
  const { rows } = await sql<{ id: ArticleId }>`
    select id from published_article
     where id = any(${ids}::bigint[]) and exists (select from unnest(${words}::text[]) word where position(word in lower(title)) > 0)`.execute(
    db,
  )
  return new Set(rows.map(row => row.id))
}

export async function isReader(db: Db, id: bigint): Promise<boolean> {
  const { rows } = await sql`select from reader where id = ${id}`.execute(db)
  return rows.length > 0
}
