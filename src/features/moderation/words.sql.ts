import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { likeAnywhere } from '../../engines/database/like.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import { writeUnique } from '../../engines/database/write-unique.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { WordAction } from './words.schema.ts'

export interface SensitiveWord {
  id: number
  word: string
  weights: number
  action: WordAction
  by_sound: boolean
  hold_count: number
  created_at: Date
  updated_at: Date
}

export type WordInput = Pick<SensitiveWord, 'word' | 'weights' | 'action' | 'by_sound'>

const COLUMNS = sql`id, word, weights, action, by_sound, hold_count, created_at, updated_at`

export async function readWords(db: Db): Promise<Pick<SensitiveWord, 'id' | 'word' | 'action' | 'by_sound'>[]> {
  return (await db.selectFrom('sensitive_word').select(['id', 'word', 'action', 'by_sound']).orderBy('id').execute()) as SensitiveWord[]
}

export async function listWords(
  db: Db,
  word: string | undefined,
  { offset, limit, newestFirst }: AdminPage,
): Promise<ListPage<SensitiveWord>> {
  const like = word === undefined ? null : likeAnywhere(word)
  const matches = sql`(${like}::text is null or word ilike ${like})`
  return readListPage(db, {
    total: sql`select count(*)::int as total from sensitive_word where ${matches}`,
    rows: sql<SensitiveWord>`
      select ${COLUMNS} from sensitive_word where ${matches}
       order by id ${newestFirst ? sql`desc` : sql`asc`} offset ${offset} limit ${limit}`,
  })
}

/** `lock`: other changes of it wait until the end of the transaction. */
export async function findWord(db: Db | Tx, id: number, { lock = false } = {}): Promise<SensitiveWord | undefined> {
  const { rows } = await sql<SensitiveWord>`
    select ${COLUMNS} from sensitive_word where id = ${id} ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

/** Returns those that were not there yet. */
export async function insertWords(db: Db | Tx, words: WordInput[]): Promise<SensitiveWord[]> {
  const { rows } = await sql<SensitiveWord>`
    insert into sensitive_word (word, weights, action, by_sound)
    select word, weights, action, by_sound from json_to_recordset(${JSON.stringify(words)}::json) given (word text, weights int, action text, by_sound boolean)
    on conflict (word) do nothing returning ${COLUMNS}`.execute(db)
  return rows
}

/** 'taken' if the list has the word already; the transaction is then over. */
export async function updateWord(tx: Tx, id: number, { word, weights, action, by_sound }: WordInput): Promise<'changed' | 'taken'> {
  return writeUnique(async () => {
    await sql`
      update sensitive_word set word = ${word}, weights = ${weights}, action = ${action}, by_sound = ${by_sound}, updated_at = now()
       where id = ${id}`.execute(tx)
    return 'changed'
  })
}

export async function deleteWord(tx: Db | Tx, id: number): Promise<void> {
  await sql`delete from sensitive_word where id = ${id}`.execute(tx)
}

export async function deleteWordByText(db: Tx, word: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from sensitive_word where word = ${word}`.execute(db)
  return numAffectedRows === 1n
}

export interface Hit {
  subject: 'article' | 'comment' | 'profile' | 'message'
  /** Null if the text was refused. */
  subjectId: bigint | null
  readerId: ReaderId
  action: WordAction
  wordIds: number[]
  excerpt: string
}

/** Notes what the words did, and counts it for each of them. */
export async function insertHit(db: Db | Tx, { subject, subjectId, readerId, action, wordIds, excerpt }: Hit): Promise<void> {
  await sql`
    with counted as (
      update sensitive_word set hold_count = hold_count + 1 where id = any(${wordIds}::int[]) returning word
    )
    insert into moderation_hit (subject, subject_id, reader_id, action, words, excerpt)
    select ${subject}, ${subjectId}, ${readerId}, ${action}, array(select word from counted order by word), ${excerpt}`.execute(db)
}

/** Deletes up to `limit` hits older than so many days; returns how many. */
export async function deleteOldHits(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from moderation_hit where id = any(array(
      select id from moderation_hit where at < now() - make_interval(days => ${days}) order by at limit ${limit}))`.execute(db)
  return Number(numAffectedRows)
}

export interface PublishedText {
  id: bigint
  title: string
  html: string
}

/** What readers see now: up to `limit` articles published since, the newest first, after the one with the id `after`. */
export async function listPublishedTexts(
  db: Db,
  { since, after, limit }: { since: Date; after: bigint | null; limit: number },
): Promise<PublishedText[]> {
  const { rows } = await sql<PublishedText>`
    select id, title, coalesce(html, '') as html from published_article left join article_content on article_id = id
     where published_at >= ${since} and (${after}::bigint is null or id < ${after}) order by id desc limit ${limit}`.execute(db)
  return rows
}
