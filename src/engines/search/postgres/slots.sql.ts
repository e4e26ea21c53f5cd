// Which slot of an engine answers, and how many entries it has.

import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { articleTable, type Slot } from './entries.sql.ts'
import { PLACES } from './tags.ts'

export interface Live {
  slot: Slot
  /** How many numbers have been assigned to entries. */
  places: number
}

export async function liveSlot(db: Db): Promise<Live> {
  const { rows } = await sql<Live>`
    select slot, coalesce(pg_sequence_last_value(('search_article_' || slot || '_place_seq')::regclass), 0)::float8 as places
      from search_index where engine = 'postgres' and live`.execute(db)
  return rows[0] as Live
}

/** Some of the first entries: one that was changed lately has its tags. */
const FIRST_ENTRIES = 20

/** Not those of an index of an earlier build, until it is built anew. */
export async function hasTags(db: Db, slot: Slot): Promise<boolean> {
  const [size] = PLACES.sizes
  const { rows } = await sql<{ tagged: boolean }>`
    select coalesce(bool_and(gone or tokens @@ (''':' || ${PLACES.name} || '0.' || place / ${sql.lit(size)} || '''')::tsquery), true) as tagged
      from (select gone, tokens, place from ${articleTable(slot)} order by place limit ${sql.lit(FIRST_ENTRIES)}) first`.execute(db)
  return rows[0]?.tagged ?? true
}

export async function switchSlots(db: Db, engine: 'postgres' | 'opensearch'): Promise<void> {
  // In two steps within one statement the unique index would see two live slots.
  await db.transaction().execute(async tx => {
    const { rows } = await sql<{
      slot: Slot
    }>`update search_index set live = false where engine = ${engine} and live returning slot`.execute(tx)
    await sql`update search_index set live = true where engine = ${engine} and slot <> ${rows[0]?.slot ?? 'b'}`.execute(tx)
  })
}
