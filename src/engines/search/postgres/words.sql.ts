// Words the operator has added to the dictionary.

import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'

export async function operatorWords(db: Db): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`select word from search_word order by word`.execute(db)
  return rows.map(row => row.word)
}

export async function addWord(db: Db, word: string): Promise<boolean> {
  const { numAffectedRows } = await sql`insert into search_word (word) values (${word}) on conflict do nothing`.execute(db)
  return numAffectedRows === 1n
}

export async function removeWord(db: Db, word: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from search_word where word = ${word}`.execute(db)
  return numAffectedRows === 1n
}
