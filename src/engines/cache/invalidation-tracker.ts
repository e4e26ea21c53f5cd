// What a process has heard of the change log, for one cache. It decides which values are too old: a value carries the
// place in the log up to which its loader is known to have seen everything, and must not be older than the last change
// heard of its key. So it does not matter whether an invalidation reached Redis, or whether Redis came back with what it
// held a minute ago: what is older than we know is not used.

import { type Position, START } from './version.ts'

export interface Heard<K> {
  /** A load that begins now sees every change up to here. */
  position(): Position
  /** A value of `key` older than this is stale. */
  since(key: K): Position
  /** `key` changed there; told in the order of the log. */
  changed(key: K, at: Position): void
  /** Everything up to here has been told. */
  reached(at: Position): void
  /** Nothing is known about what came before: values from then are not used. */
  startsAt(at: Position): void
  /** The same, and what was heard is of another history: its places say nothing any more. */
  restart(at: Position): void
}

export function createHeard<K>(keysMax: number): Heard<K> {
  let position = START
  let floor = START
  // In the order in which they changed last: beyond the bound the oldest go, and what is as old as they is distrusted.
  const changes = new Map<K, Position>()
  return {
    position: () => position,
    since(key) {
      const at = changes.get(key)
      return at !== undefined && at > floor ? at : floor
    },
    changed(key, at) {
      changes.delete(key)
      changes.set(key, at)
      if (at > position) position = at
      if (changes.size <= keysMax) return
      const [oldest, oldestAt] = changes.entries().next().value as [K, Position]
      changes.delete(oldest)
      if (oldestAt > floor) floor = oldestAt
    },
    reached(at) {
      if (at > position) position = at
    },
    startsAt(at) {
      if (at > floor) floor = at
    },
    restart(at) {
      changes.clear()
      position = at
      floor = at
    },
  }
}
