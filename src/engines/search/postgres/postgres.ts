// The PostgreSQL engine, which is always maintained: full text search over our own tokens.

import type pg from 'pg'
import { SECOND } from '../../../base/clock.ts'
import type { Db } from '../../database/database.ts'
import { keysOf, PHRASE_MAX } from '../keys.ts'
import type { Phrase, SearchEngine } from '../search.ts'
import { createIndexes, emptySlot, getEntry, listExistingIds, putEntries, removeEntries, type Slot } from './entries.sql.ts'
import { createFind, type Searched } from './find.ts'
import { type KeyRow, putKeys } from './phrases.sql.ts'
import { hasTags, type Live, liveSlot, switchSlots } from './slots.sql.ts'
import { suggest } from './suggest.ts'

/** After a swap the old slot stays filled until the next one begins, so it may be searched a second longer. */
const LIVE_TTL_MS = SECOND

export interface PostgresSearch extends SearchEngine {
  /** The slot that answers now, uncached. */
  live(): Promise<Live>
}

export function createPostgresSearch({ db, pool, clock }: { db: Db; pool: pg.Pool; clock: () => number }): PostgresSearch {
  let known: { live: Promise<Searched>; at: number } | undefined
  const live = () => {
    if (!known || clock() - known.at > LIVE_TTL_MS) {
      const found = liveSlot(db).then(async one => ({ ...one, isTagged: await hasTags(db, one.slot) }))
      known = { live: found, at: clock() }
      found.catch(() => (known = undefined))
    }
    return known.live
  }
  const forget = () => void (known = undefined)
  // Writers need the exact slot.
  const slotOf = async (place: 'live' | 'aside'): Promise<Slot> => {
    const { slot } = await liveSlot(db)
    return place === 'live' ? slot : slot === 'a' ? 'b' : 'a'
  }

  return {
    name: 'postgres',
    live: () => liveSlot(db),
    async put({ entries = [], phrases = [] }, place = 'live') {
      await putEntries(db, await slotOf(place), newestOf(entries))
      await putKeys(db, phrases.flatMap(keyRows))
    },
    get: async id => getEntry(db, (await live()).slot, id),
    exists: async (ids, place = 'live') => listExistingIds(db, await slotOf(place), ids),
    remove: async (removals, place = 'live') => removeEntries(db, await slotOf(place), newestOf(removals)),
    find: createFind({ db, live }),
    suggest: async (typed, limit) => suggest(db, (await live()).slot, typed, limit),
    async swap(step) {
      const aside = await slotOf('aside')
      if (step === 'begin') await emptySlot(db, aside)
      else {
        await createIndexes(pool, aside)
        if (step === 'finish') await switchSlots(db, 'postgres')
      }
      forget()
    },
    async close() {},
  }
}

/** A statement may change a row only once. */
export function newestOf<T extends { id: bigint; version: bigint }>(items: T[]): T[] {
  const newest = new Map<bigint, T>()
  for (const item of items) {
    const known = newest.get(item.id)
    if (!known || known.version <= item.version) newest.set(item.id, item)
  }
  return [...newest.values()]
}

export function keyRows(phrase: Phrase): KeyRow[] {
  if ([...phrase.text].length > PHRASE_MAX) return []
  return keysOf(phrase).map(({ key, way }) => ({ key, way, phrase: phrase.text, kind: phrase.kind, weight: phrase.weight }))
}
