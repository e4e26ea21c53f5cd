// The loads of a process that are under way, so that concurrent misses of one key share one load.

import type { Load } from './level.ts'

export interface Flight<K, V> {
  result: Promise<Map<K, V>>
}

export interface SingleFlight<K, V> {
  find(key: K): Flight<K, V> | undefined
  start(keys: K[]): Flight<K, V>
  /** The keys have changed: who waits for the flight gets its result, but it is not stored, and the next miss loads again. */
  abandon(keys: readonly K[]): void
  abandonAll(): void
}

interface Needs<K, V> {
  load: Load<K, V>
  /** Called when a flight starts; returns what stores the results of its keys. */
  storeFor(): (key: K, value: V | undefined) => void
}

export function createSingleFlight<K, V>({ load, storeFor }: Needs<K, V>): SingleFlight<K, V> {
  const flights = new Map<K, Flight<K, V>>()

  /** Removes the flight and returns its keys that were not abandoned. */
  function land(flight: Flight<K, V>, keys: K[]): K[] {
    const landed = keys.filter(key => flights.get(key) === flight)
    for (const key of landed) flights.delete(key)
    return landed
  }

  return {
    find: key => flights.get(key),
    start(keys) {
      const flight: Flight<K, V> = { result: Promise.resolve(new Map()) }
      const store = storeFor()
      for (const key of keys) flights.set(key, flight)
      flight.result = load(keys).then(
        found => {
          for (const key of land(flight, keys)) store(key, found.get(key))
          return found
        },
        err => {
          land(flight, keys)
          throw err
        },
      )
      flight.result.catch(() => {}) // each waiting caller gets the error itself, perhaps only after another wait
      return flight
    },
    abandon(keys) {
      for (const key of keys) flights.delete(key)
    },
    abandonAll: () => flights.clear(),
  }
}
