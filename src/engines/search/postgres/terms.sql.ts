// The number of articles in which each word occurs.

import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { articleTable, type Slot } from './entries.sql.ts'

export async function docsOf(db: Db, terms: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ term: string; docs: number }>`select term, docs from search_term where term = any(${terms})`.execute(db)
  return new Map(rows.map(row => [row.term, row.docs]))
}

/** The most frequent words that begin with a character. */
export async function commonWordsFrom(db: Db, first: string, limit: number): Promise<{ term: string; docs: number }[]> {
  const { rows } = await sql<{ term: string; docs: number }>`
    select term, docs from search_term where left(term, 1) = ${first} order by docs desc limit ${limit}`.execute(db)
  return rows
}

/** Articles that one statement counts: a second, so that its duration does not grow with the index towards the timeout. */
const COUNTED_AT_ONCE = 32_768

/** Counts the words of titles and texts. Reads only; the caller writes the changes in batches. */
export async function countTerms(db: Db, slot: Slot, atOnce = COUNTED_AT_ONCE): Promise<Map<string, number>> {
  const table = `search_article_${slot}`
  const { rows: ends } = await sql<{ first: number | null; last: number | null }>`
    select min(place)::float8 as first, max(place)::float8 as last from ${sql.table(table)}`.execute(db)
  const { first, last } = ends[0] ?? {}
  const counted = new Map<string, number>()
  for (let from = first ?? 0; from <= (last ?? -1); from += atOnce) {
    const some = `select tokens from ${table} where place >= ${from} and place < ${from + atOnce}`
    const { rows } = await sql<{ term: string; docs: number }>`select word as term, ndoc as docs from ts_stat(${some}, 'ac')`.execute(db)
    for (const { term, docs } of rows) counted.set(term, (counted.get(term) ?? 0) + docs)
  }
  return counted
}

export async function listTerms(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ term: string; docs: number }>`select term, docs from search_term`.execute(db)
  return new Map(rows.map(row => [row.term, row.docs]))
}

export async function putTerms(db: Db, terms: [string, number][]): Promise<void> {
  await sql`
    insert into search_term (term, docs) select term, docs from unnest(${terms.map(([term]) => term)}::text[], ${terms.map(([, docs]) => docs)}::int[])
      as given (term, docs) order by term
    on conflict (term) do update set docs = excluded.docs`.execute(db)
}

export async function deleteTerms(db: Db, terms: string[]): Promise<void> {
  await sql`delete from search_term where term = any(${terms})`.execute(db)
}

export const sizeOf = async (db: Db, slot: Slot): Promise<number> => {
  const { rows } = await sql<{ size: number }>`select count(*)::int as size from ${articleTable(slot)} where not gone`.execute(db)
  return rows[0]?.size ?? 0
}
