// The entries of a slot of the index.

import { type RawBuilder, sql } from 'kysely'
import type pg from 'pg'
import { DAY, MINUTE } from '../../../base/clock.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../../base/id.ts'
import type { Db, Tx } from '../../database/database.ts'
import type { Entry, Removal } from '../search.ts'
import { DAYS, PLACES, type Ranges } from './tags.ts'
import { tsvectors } from './tsvector.ts'

export type Slot = 'a' | 'b'

export const articleTable = (slot: Slot) => sql.table(`search_article_${slot}`)

const rangeTags = ({ name, sizes }: Ranges, value: RawBuilder<unknown>) =>
  sizes.map((size, level) => sql`${sql.lit(`:${name}${level}.`)} || ${value} / ${sql.lit(size)}`)
/** The lexemes of tags.ts. */
const TAGS = sql.join([
  ...rangeTags(PLACES, sql`place`),
  ...rangeTags(DAYS, sql`greatest(0, floor(published_at / ${sql.lit(DAY)}))::int`),
  sql`':c' || channel_id`,
  sql`':a' || author_id`,
  sql`':p' || least(covers, 1)`,
])

/** What was in the index keeps its place: an edited article does not become a new one. */
export async function putEntries(db: Db | Tx, slot: Slot, entries: Entry[]): Promise<void> {
  if (entries.length === 0) return
  const tokens = entries.map(entry => tsvectors(entry.title, entry.body))
  const table = articleTable(slot)
  const sequence = `search_article_${slot}_place_seq`
  await sql`
    insert into ${table} as known (id, version, place, author_id, channel_id, published_at, covers, popularity, title, title_tokens, tokens)
    select id, version, place, author_id, channel_id, to_timestamp(published_at / 1000.0), covers, popularity, title, title_tokens::tsvector,
           tokens::tsvector || array_to_tsvector(array[${TAGS}])
      from (select given.*, coalesce(before.place, nextval(${sequence})) as place from unnest(
        ${entries.map(entry => entry.id)}::bigint[], ${entries.map(entry => entry.version)}::bigint[],
        ${entries.map(entry => entry.authorId)}::bigint[], ${entries.map(entry => entry.channelId)}::int[],
        ${entries.map(entry => entry.publishedAt)}::float8[], ${entries.map(entry => entry.covers)}::smallint[],
        ${entries.map(entry => entry.popularity)}::real[], ${entries.map(entry => entry.title.text)}::text[],
        ${tokens.map(each => each.title)}::text[], ${tokens.map(each => each.all)}::text[]
      ) as given (id, version, author_id, channel_id, published_at, covers, popularity, title, title_tokens, tokens)
        left join ${table} before on before.id = given.id and not before.gone order by given.id) placed
    on conflict (id) do update set
      version = excluded.version, gone = false, place = excluded.place, author_id = excluded.author_id, channel_id = excluded.channel_id,
      published_at = excluded.published_at, covers = excluded.covers, popularity = excluded.popularity, title = excluded.title,
      title_tokens = excluded.title_tokens, tokens = excluded.tokens
      where known.version < excluded.version`.execute(db)
}

/** The row stays with its version and without tokens, so no query finds it. */
export async function removeEntries(db: Db | Tx, slot: Slot, removals: Removal[]): Promise<void> {
  if (removals.length === 0) return
  await sql`
    insert into ${articleTable(slot)} as known (id, version, gone, author_id, channel_id, published_at, covers, popularity, title, title_tokens, tokens)
    select id, version, true, 0, 0, now(), 0, 0, '', '', ''
      from unnest(${removals.map(one => one.id)}::bigint[], ${removals.map(one => one.version)}::bigint[]) as given (id, version) order by id
    on conflict (id) do update set version = excluded.version, gone = true, title = '', title_tokens = '', tokens = ''
      where known.version < excluded.version`.execute(db)
}

export async function getEntry(db: Db, slot: Slot, id: ArticleId) {
  const { rows } = await sql<{ version: bigint; title: string; channelId: ChannelId; authorId: ReaderId; publishedAt: number }>`
    select version, title, channel_id as "channelId", author_id as "authorId", (extract(epoch from published_at) * 1000)::float8 as "publishedAt"
      from ${articleTable(slot)} where id = ${id} and not gone`.execute(db)
  return rows[0]
}

export async function listExistingIds(db: Db, slot: Slot, ids: ArticleId[]): Promise<Set<ArticleId>> {
  const { rows } = await sql<{ id: ArticleId }>`select id from ${articleTable(slot)} where id = any(${ids}::bigint[]) and not gone`.execute(
    db,
  )
  return new Set(rows.map(row => row.id))
}

export async function emptySlot(db: Db, slot: Slot): Promise<void> {
  await sql`truncate ${articleTable(slot)} restart identity`.execute(db)
  for (const { name } of indexesOf(slot)) await sql`drop index if exists ${sql.table(name)}`.execute(db)
}

/**
 * Kilobytes of new entries that GIN keeps aside, unsorted, and each search reads to the end. With PostgreSQL's four megabytes a
 * search took 36 ms after 3,000 new articles, with the least possible it takes 1 to 5; writing takes as long.
 */
const PENDING_KB = 64

/** The indexes of a slot. They are created after the slot is filled, which costs a quarter of maintaining them meanwhile. */
export const indexesOf = (slot: Slot) => [
  { name: `search_article_${slot}_tokens`, on: `using gin (tokens) with (gin_pending_list_limit = ${PENDING_KB})` },
  { name: `search_article_${slot}_author`, on: '(author_id)' },
  { name: `search_article_${slot}_title`, on: '(title text_pattern_ops)' },
  { name: `search_article_${slot}_place`, on: '(place)' },
]

const INDEX_MS = 30 * MINUTE // enough for a hundred million headlines; no request waits for it

/**
 * Builds concurrently: such a build takes a transaction id only at its very end, so consumers of the change log are not held
 * back. A build that was interrupted leaves an invalid index, hence the drop.
 */
export async function createIndexes(pool: pg.Pool, slot: Slot): Promise<void> {
  const client = await pool.connect()
  const query = (text: string) => {
    const patient = { text, query_timeout: INDEX_MS }
    return client.query(patient)
  }
  try {
    await query(`set statement_timeout = ${INDEX_MS}; set maintenance_work_mem = '128MB'`)
    for (const { name, on } of indexesOf(slot)) {
      const { rowCount } = await query(`select from pg_index where indexrelid = to_regclass('${name}') and indisvalid`)
      if (rowCount) continue
      await query(`drop index if exists ${name}`)
      await query(`create index concurrently ${name} on search_article_${slot} ${on}`)
    }
    await query(`analyze search_article_${slot}`)
  } finally {
    // Closing the connection ends its settings.
    client.release(true)
  }
}
