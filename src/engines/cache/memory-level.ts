// The first level of a cache (L1): the memory of this process, bounded in entries and bytes. Concurrent misses of a key share
// one load from the next level.

import { LRUCache } from 'lru-cache'
import { entriesMax } from '../../base/entries-max.ts'
import { jitter, type Load } from './level.ts'
import { createSingleFlight, type Flight } from './single-flight.ts'
import { STALE_IF_ERROR_MS, STALE_WITHOUT_LOG_MS } from './staleness.ts'
import { estimateBytes } from './value-size.ts'

export type MemoryOutcome = 'hit' | 'absent' | 'stale' | 'miss' | 'joined'

export interface MemoryLevelNeeds<K, V> {
  entriesMax: number
  bytesMax: number
  /** How many keys without a row are remembered. */
  absentMax: number
  /** When a value is due for renewal. It is served while it is renewed, until twice that age. */
  freshMs: number
  absentMs: number
  /** False: no change invalidates the values, they only expire. */
  invalidated: boolean
  /** Whether this process is up to date with the change log. */
  isCurrent: () => boolean
  /** The time before which all changes are contained in what a load that starts now will return. */
  asOf: () => number
  /** Milliseconds, monotonic. */
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
  size(): MemorySize
}

export interface MemorySize {
  entries: number
  /** Keys known to have no row. */
  absent: number
  bytes: number
}

interface Entry<V> {
  value: V | undefined
  asOf: number
  renewAt: number
}

export function createMemoryLevel<K extends string | bigint, V>(needs: MemoryLevelNeeds<K, V>): MemoryLevel<K, V> {
  const { clock, random, load, count } = needs
  const present = new LRUCache<K, Entry<V>>({
    max: needs.entriesMax,
    maxSize: needs.bytesMax,
    sizeCalculation: ({ value }) => estimateBytes(value),
  })
  // Apart, so that invented keys push no value out.
  const absent = new LRUCache<K, Entry<V>>(entriesMax(needs.absentMax))
  const flights = createSingleFlight<K, V>({
    load,
    storeFor() {
      const asOf = needs.asOf()
      return (key, value) => store(key, value, asOf)
    },
  })

  const find = (key: K) => present.get(key) ?? absent.get(key)
  const isVerified = (entry: Entry<V>, now: number) => !needs.invalidated || needs.isCurrent() || now - entry.asOf < STALE_WITHOUT_LOG_MS
  const isFresh = (entry: Entry<V>, now: number) => now < entry.renewAt && isVerified(entry, now)
  /** Due for renewal, but not known to have changed. */
  const isServable = (entry: Entry<V>, now: number) =>
    entry.value !== undefined && now < entry.renewAt + needs.freshMs && isVerified(entry, now)

  function store(key: K, value: V | undefined, asOf: number): void {
    const ttlMs = value === undefined ? needs.absentMs : needs.freshMs
    const entry = { value, asOf, renewAt: clock() + jitter(ttlMs, random) }
    present.delete(key)
    absent.delete(key)
    if (value === undefined) absent.set(key, entry)
    else present.set(key, entry)
  }

  /** A value that was invalidated is not there any more, so a last known value may be served instead of an error. */
  function staleValueOrThrow(key: K, err: unknown): V | undefined {
    const entry = find(key)
    if (!entry || clock() - entry.asOf > STALE_IF_ERROR_MS) throw err
    count('stale', 1)
    return entry.value
  }

  const level: MemoryLevel<K, V> = {
    async get(key) {
      const entry = find(key)
      // By far the most frequent case, so it allocates no sets and maps.
      if (!entry || !isFresh(entry, clock())) return (await level.getMany([key])).get(key)
      count(entry.value === undefined ? 'absent' : 'hit', 1)
      return entry.value
    },

    async getMany(keys) {
      const now = clock()
      const found = new Map<K, V>()
      const waiting = new Map<K, Flight<K, V>>()
      const missing: K[] = []
      const due: K[] = []
      for (const key of new Set(keys)) {
        const entry = find(key)
        if (entry && isFresh(entry, now)) {
          count(entry.value === undefined ? 'absent' : 'hit', 1)
          if (entry.value !== undefined) found.set(key, entry.value)
          continue
        }
        const flight = flights.find(key)
        if (entry && isServable(entry, now)) {
          count('stale', 1)
          found.set(key, entry.value as V)
          if (!flight) due.push(key)
        } else if (flight) waiting.set(key, flight)
        else missing.push(key)
      }
      if (due.length > 0) flights.start(due) // in the background: this caller has its values
      if (missing.length > 0) {
        count('miss', missing.length)
        const flight = flights.start(missing)
        for (const key of missing) waiting.set(key, flight)
      }
      if (waiting.size > missing.length) count('joined', waiting.size - missing.length)
      for (const [key, { result }] of waiting) {
        const value = await result.then(
          loaded => loaded.get(key),
          err => staleValueOrThrow(key, err),
        )
        if (value !== undefined) found.set(key, value)
      }
      return found
    },

    forget(keys) {
      for (const key of keys) {
        present.delete(key)
        absent.delete(key)
      }
      flights.abandon(keys)
    },

    clear() {
      present.clear()
      absent.clear()
      flights.abandonAll()
    },

    size: () => ({ entries: present.size, absent: absent.size, bytes: present.calculatedSize }),
  }
  return level
}
