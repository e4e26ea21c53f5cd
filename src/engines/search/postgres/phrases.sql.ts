// The phrases for suggestions, found by the prefix of a key, heaviest first. For one to three characters an index has this
// order; longer prefixes match few enough keys to sort.

import { sql } from 'kysely'
import type { ArticleId } from '../../../base/id.ts'
import type { Db, Tx } from '../../database/database.ts'
import { PHRASE_MAX } from '../keys.ts'
import type { Slot } from './entries.sql.ts'
import { articleTable } from './entries.sql.ts'

export interface KeyRow {
  key: string
  phrase: string
  way: number
  kind: string
  weight: number
}

/** Enough of the keys with one prefix of four or more characters. */
const SORTED_MAX = 500

const escaped = (prefix: string) => `${prefix.replace(/[\\%_]/g, '\\$&')}%`

export async function listKeysByPrefix(db: Db, prefix: string, limit: number): Promise<KeyRow[]> {
  const length = [...prefix].length
  const { rows } =
    length <= 3
      ? await sql<KeyRow>`select key, phrase, way, kind, weight from search_key
          where left(key, ${sql.lit(length)}) = ${prefix} order by weight desc limit ${limit}`.execute(db)
      : await sql<KeyRow>`select * from (select key, phrase, way, kind, weight from search_key where key like ${escaped(prefix)} limit ${sql.lit(SORTED_MAX)}) found
          order by weight desc limit ${limit}`.execute(db)
  return rows
}

/** Articles whose titles begin so, without those whose title is too long for a query. */
export async function listTitledByPrefix(db: Db, slot: Slot, prefix: string, limit: number): Promise<ArticleId[]> {
  const { rows } = await sql<{ id: ArticleId }>`
    select id from ${articleTable(slot)} where title like ${escaped(prefix)} and char_length(title) <= ${PHRASE_MAX} and not gone limit ${limit}`.execute(
    db,
  )
  return rows.map(row => row.id)
}

/** Keys of Latin letters that look like this one. */
export async function listSimilarKeys(db: Db, typed: string, limit: number): Promise<KeyRow[]> {
  const { rows } = await sql<KeyRow>`select key, phrase, way, kind, weight from search_similar(${typed}, ${limit})`.execute(db)
  return rows
}

export async function listKeys(db: Db, keys: string[], ways: number[]): Promise<KeyRow[]> {
  const { rows } = await sql<KeyRow>`
    select key, phrase, way, kind, weight from search_key where key = any(${keys}) and way = any(${ways}::smallint[])`.execute(db)
  return rows
}

export async function putKeys(db: Db | Tx, rows: KeyRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into search_key (key, phrase, way, kind, weight)
    select distinct on (key, phrase, kind) key, phrase, way, kind, weight from unnest(${rows.map(row => row.key)}::text[], ${rows.map(row => row.phrase)}::text[], ${rows.map(row => row.way)}::smallint[],
      ${rows.map(row => row.kind)}::text[], ${rows.map(row => row.weight)}::real[]) as given (key, phrase, way, kind, weight) order by key, phrase, kind
    on conflict (key, phrase, kind) do update set weight = excluded.weight, way = excluded.way
      where search_key.weight is distinct from excluded.weight`.execute(db)
}

export async function deletePhrases(db: Db | Tx, phrases: string[], kind: string): Promise<void> {
  await sql`delete from search_key where phrase = any(${phrases}) and kind = ${kind}`.execute(db)
}

export async function listPhrases(db: Db, kinds: string[]): Promise<{ phrase: string; kind: string; weight: number }[]> {
  const { rows } = await sql<{ phrase: string; kind: string; weight: number }>`
    select phrase, kind, weight from search_key where way = 0 and kind = any(${kinds})`.execute(db)
  return rows
}

/** The normalised titles of a slot, newest first. */
export async function* readTitles(db: Db, slot: Slot, limit: number): AsyncGenerator<string> {
  const page = 5_000 // a megabyte at a time
  for (let below = Number.MAX_SAFE_INTEGER, seen = 0; seen < limit; seen += page) {
    const { rows } = await sql<{ title: string; place: number }>`
      select title, place::float8 as place from ${articleTable(slot)} where place < ${below} and not gone order by place desc limit ${page}`.execute(
      db,
    )
    for (const row of rows) yield row.title
    if (rows.length < page) return
    below = rows.at(-1)?.place ?? 0
  }
}
