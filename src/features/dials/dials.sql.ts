import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Language } from '../../base/language.ts'
import type { Db } from '../../engines/database/database.ts'
import type { MuteKind } from './dials.schema.ts'

export interface DialRow {
  interests: ChannelId[]
  language: Language | null
  /** The newest first, as the other lists. */
  mutedAuthors: ReaderId[]
  mutedChannels: ChannelId[]
  mutedWords: string[]
}

export async function findDials(db: Db, viewer: string): Promise<DialRow | undefined> {
  const { rows } = await sql<DialRow>`
    select interests, language, muted_authors as "mutedAuthors", muted_channels as "mutedChannels", muted_words as "mutedWords"
      from dial where viewer = ${viewer}`.execute(db)
  return rows[0]
}

const LISTS = {
  author: { column: sql.ref('muted_authors'), type: sql.raw('bigint') },
  channel: { column: sql.ref('muted_channels'), type: sql.raw('int') },
  word: { column: sql.ref('muted_words'), type: sql.raw('text') },
} satisfies Record<MuteKind, unknown>

const CHANGED = sql`version = dial.version + 1, changed_at = now()`

/** Puts the target before the others. False, and nothing changes, if there are `limit` others. */
export async function addMute(db: Db, viewer: string, kind: MuteKind, target: bigint | string, limit: number): Promise<boolean> {
  const { column, type } = LISTS[kind]
  const { numAffectedRows } = await sql`
    insert into dial (viewer, ${column}) values (${viewer}, array[${target}::${type}])
    on conflict (viewer) do update set ${column} = excluded.${column} || array_remove(dial.${column}, ${target}::${type}), ${CHANGED}
     where cardinality(array_remove(dial.${column}, ${target}::${type})) < ${limit}`.execute(db)
  return numAffectedRows === 1n
}

export async function removeMute(db: Db, viewer: string, kind: MuteKind, target: bigint | string): Promise<void> {
  const { column, type } = LISTS[kind]
  await sql`
    update dial set ${column} = array_remove(${column}, ${target}::${type}), ${CHANGED}
     where viewer = ${viewer} and ${target}::${type} = any(${column})`.execute(db)
}

/** The newest first. */
export async function listNotInterested(db: Db, viewer: string): Promise<ArticleId[]> {
  const { rows } = await sql<{ ids: ArticleId[] }>`select not_interested as ids from dial where viewer = ${viewer}`.execute(db)
  return rows[0]?.ids ?? []
}

/** Puts the article before the others; beyond `limit` the oldest are forgotten. False if readers cannot see the article. */
export async function addNotInterested(db: Db, viewer: string, id: ArticleId, limit: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into dial (viewer, not_interested) select ${viewer}, array[id] from published_article where id = ${id}
    on conflict (viewer) do update
      set not_interested = (excluded.not_interested || array_remove(dial.not_interested, ${id}::bigint))[1:${sql.lit(limit)}], ${CHANGED}`.execute(
    db,
  )
  return numAffectedRows === 1n
}

export async function removeNotInterested(db: Db, viewer: string, id: ArticleId): Promise<void> {
  await sql`
    update dial set not_interested = array_remove(not_interested, ${id}::bigint), ${CHANGED}
     where viewer = ${viewer} and ${id}::bigint = any(not_interested)`.execute(db)
}

/** An undefined dial stays as it is. */
export async function setDials(
  db: Db,
  viewer: string,
  { interests, language }: { interests?: ChannelId[]; language?: Language | null },
): Promise<void> {
  const given = { interests: interests !== undefined, language: language !== undefined }
  await sql`
    insert into dial (viewer, interests, language) values (${viewer}, ${interests ?? []}::int[], ${language ?? null}::text)
    on conflict (viewer) do update
      set interests = case when ${given.interests} then excluded.interests else dial.interests end,
          language = case when ${given.language} then excluded.language else dial.language end, ${CHANGED}`.execute(db)
}

/** A device that comes back later begins anew. */
export async function deleteOldDials(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from dial where viewer = any(array(
      select viewer from dial where viewer like 'd%' and changed_at < now() - make_interval(days => ${days}) limit ${limit}))`.execute(db)
  return Number(numAffectedRows)
}
