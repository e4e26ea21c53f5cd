// What a process has heard of the change log, for one cache. It decides which values are too old: a value carries the
// place in the log up to which its loader is known to have seen everything, and must not be older than the last change
// heard of its key. So it does not matter whether an invalidation reached Redis, or whether Redis came back with what it
// held a minute ago: what is older than we know is not used.

import { VERSION_MIN, type Version } from './version.ts'

export interface InvalidationTracker<K> {
  /** A load that begins now sees every change up to here. */
  version(): Version
  /** A value of `key` older than this is stale. */
  versionMin(key: K): Version
  /** `key` changed there; told in the order of the log. */
  noteChanged(key: K, at: Version): void
  /** Everything up to here has been told. */
  advance(at: Version): void
  /** Nothing is known about what came before: values from then are not used. */
  distrustBefore(at: Version): void
  /** The same, and what was heard is of another history: its places say nothing any more. */
  reset(at: Version): void
}

export function createInvalidationTracker<K>(keysMax: number): InvalidationTracker<K> {
  let position = VERSION_MIN
  let floor = VERSION_MIN
  // In the order in which they changed last: beyond the bound the oldest go, and what is as old as they is distrusted.
  const changes = new Map<K, Version>()
  return {
    version: () => position,
    versionMin(key) {
      const at = changes.get(key)
      return at !== undefined && at > floor ? at : floor
    },
    noteChanged(key, at) {
      changes.delete(key)
      changes.set(key, at)
      if (at > position) position = at
      if (changes.size <= keysMax) return
      const [oldest, oldestAt] = changes.entries().next().value as [K, Version]
      changes.delete(oldest)
      if (oldestAt > floor) floor = oldestAt
    },
    advance(at) {
      if (at > position) position = at
    },
    distrustBefore(at) {
      if (at > floor) floor = at
    },
    reset(at) {
      changes.clear()
      position = at
      floor = at
    },
  }
}
