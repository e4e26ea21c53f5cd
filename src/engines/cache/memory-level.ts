// The first level: this process' memory, bounded in entries and bytes. Of those who miss the same key at the same time
// one asks the next level and all get the answer; an answer that was under way when its key changed is given to those
// who asked before, and not kept.

import { LRUCache } from 'lru-cache'
import { MINUTE } from '../../base/clock.ts'
import type { InvalidationTracker } from './invalidation-tracker.ts'
import { estimateBytes } from './value-size.ts'

/** Loads what is there of the keys; a key it does not name is not there. */
export type Load<K, V> = (keys: K[]) => Promise<Map<K, V>>

export type MemoryOutcome = 'hit' | 'absent' | 'stale' | 'miss' | 'joined'

export interface MemoryLevelNeeds<K, V> {
  entriesMax: number
  bytesMax: number
  /** How many keys are remembered for not being there. */
  absentMax: number
  /** When a value is loaded again although no change was heard; until twice that it is still given, meanwhile. */
  freshMs: number
  absentMs: number
  /** Undefined: nobody tells of changes, and only time makes a value old. */
  heard?: InvalidationTracker<K>
  /** Whether changes are being heard at this moment. */
  current: () => boolean
  /** Of which moment at least is what `load` brings that begins now. */
  asOf: () => number
  /** Milliseconds, never going back. */
  clock: () => number
  random: () => number
  load: Load<K, V>
  count: (outcome: MemoryOutcome, by: number) => void
}

export interface MemoryLevel<K, V> {
  get(key: K): Promise<V | undefined>
  getMany(keys: readonly K[]): Promise<Map<K, V>>
  forget(keys: readonly K[]): void
  clear(): void
}

interface Kept<V> {
  value: V | undefined
  /** No change of it before that moment is unheard. */
  asOf: number
  oldAt: number
}

interface Flight<K, V> {
  answer: Promise<Map<K, V>>
}

/** How old a value may be that nobody can vouch for, because changes are not heard: the bound on what readers see. */
export const UNVERIFIED_MS_MAX = 2_000
/** What is older is not given even when nothing newer can be had. */
const STALE_IF_ERROR_MS = 10 * MINUTE

/**
 * So that what came together does not go together: half of it by chance, because then the renewals after a moment in which
 * everything was filled are at no time more than half as many again as in the long run.
 */
export const jitter = (ms: number, random: () => number) => Math.round(ms * (0.5 + random() / 2))

export function createMemoryLevel<K extends string | bigint, V>(needs: MemoryLevelNeeds<K, V>): MemoryLevel<K, V> {
  const { clock, random, load, count } = needs
  const kept = new LRUCache<K, Kept<V>>({
    max: needs.entriesMax,
    maxSize: needs.bytesMax,
    sizeCalculation: ({ value }) => estimateBytes(value),
  })
  const absent = new LRUCache<K, Kept<V>>({ max: needs.absentMax })
  const flights = new Map<K, Flight<K, V>>()

  const lookUp = (key: K) => kept.get(key) ?? absent.get(key)
  const heard = (entry: Kept<V>, now: number) => !needs.heard || needs.current() || now - entry.asOf < UNVERIFIED_MS_MAX
  const isFresh = (entry: Kept<V>, now: number) => now < entry.oldAt && heard(entry, now)
  /** Old, but no change of it was heard: good enough while a newer one is fetched. */
  const isUsable = (entry: Kept<V>, now: number) => entry.value !== undefined && now < entry.oldAt + needs.freshMs && heard(entry, now)

  function keep(key: K, value: V | undefined, asOf: number): void {
    const ms = value === undefined ? needs.absentMs : needs.freshMs
    const entry = { value, asOf, oldAt: clock() + jitter(ms, random) }
    kept.delete(key)
    absent.delete(key)
    if (value === undefined) absent.set(key, entry)
    else kept.set(key, entry)
  }

  function fly(keys: K[]): Flight<K, V> {
    const flight = { answer: Promise.resolve(new Map<K, V>()) }
    const asOf = needs.asOf()
    for (const key of keys) flights.set(key, flight)
    const landed = (store: (key: K) => void) => {
      // Not there any more: the key changed meanwhile, and another may be under way.
      for (const key of keys)
        if (flights.get(key) === flight) {
          flights.delete(key)
          store(key)
        }
    }
    flight.answer = load(keys).then(
      found => {
        landed(key => keep(key, found.get(key), asOf))
        return found
      },
      err => {
        landed(() => {})
        throw err
      },
    )
    flight.answer.catch(() => {}) // whoever waits hears of it, perhaps only after having waited for something else
    return flight
  }

  const near: MemoryLevel<K, V> = {
    async get(key) {
      const entry = lookUp(key)
      // By far the most frequent case, so it makes no sets and maps.
      if (!entry || !isFresh(entry, clock())) return (await near.getMany([key])).get(key)
      count(entry.value === undefined ? 'absent' : 'hit', 1)
      return entry.value
    },

    async getMany(keys) {
      const now = clock()
      const found = new Map<K, V>()
      const joined = new Map<K, Flight<K, V>>()
      const missing: K[] = []
      const old: K[] = []
      for (const key of new Set(keys)) {
        const entry = lookUp(key)
        if (entry && isFresh(entry, now)) {
          count(entry.value === undefined ? 'absent' : 'hit', 1)
          if (entry.value !== undefined) found.set(key, entry.value)
          continue
        }
        const flight = flights.get(key)
        if (entry && isUsable(entry, now)) {
          count('stale', 1)
          found.set(key, entry.value as V)
          if (!flight) old.push(key)
        } else if (flight) joined.set(key, flight)
        else missing.push(key)
      }
      // Whoever got the old value does not wait for the new one, nor hear of its failure.
      if (old.length > 0) fly(old)
      if (missing.length > 0) {
        count('miss', missing.length)
        const flight = fly(missing)
        for (const key of missing) joined.set(key, flight)
      }
      if (joined.size > missing.length) count('joined', joined.size - missing.length)
      for (const [key, { answer }] of joined) {
        const value = await answer.then(
          got => got.get(key),
          err => {
            // Nothing newer can be had: what we have, if no change of it was heard, is better than nothing.
            const entry = lookUp(key)
            if (!entry || clock() - entry.asOf > STALE_IF_ERROR_MS) throw err
            count('stale', 1)
            return entry.value
          },
        )
        if (value !== undefined) found.set(key, value)
      }
      return found
    },

    forget(keys) {
      for (const key of keys) {
        kept.delete(key)
        absent.delete(key)
        flights.delete(key)
      }
    },

    clear() {
      kept.clear()
      absent.clear()
      flights.clear()
    },
  }
  return near
}
