// Decides for one cache which values are stale, by the changes this process has read from the log. A value carries a version
// and must not be older than the last known change of its key. So it does not matter whether an invalidation reached Redis,
// or whether Redis came back with the contents of a minute ago.

import { VERSION_MIN, type Version } from './version.ts'

export interface InvalidationTracker<K> {
  /** A load that begins now sees every change up to this version. */
  version(): Version
  /** A value of `key` with a lower version is stale. */
  versionMin(key: K): Version
  /** `key` changed at this version. Must be called in the order of the log. */
  noteChanged(key: K, version: Version): void
  /** All changes up to this version have been noted. */
  advance(version: Version): void
  /** Changes before this version are unknown: values from before it are stale. */
  distrustBefore(version: Version): void
  /** The same in a new incarnation of the database: the versions known so far mean nothing any more. */
  reset(version: Version): void
}

export function createInvalidationTracker<K>(keysMax: number): InvalidationTracker<K> {
  let current = VERSION_MIN
  /** Every value with a lower version is stale, whatever its key. */
  let floor = VERSION_MIN
  // In the order of the last change. A key that has to go raises the floor to its version.
  const changedAt = new Map<K, Version>()
  return {
    version: () => current,
    versionMin(key) {
      const version = changedAt.get(key)
      return version !== undefined && version > floor ? version : floor
    },
    noteChanged(key, version) {
      changedAt.delete(key)
      changedAt.set(key, version)
      if (version > current) current = version
      if (changedAt.size <= keysMax) return
      const [oldestKey, oldestVersion] = changedAt.entries().next().value as [K, Version]
      changedAt.delete(oldestKey)
      if (oldestVersion > floor) floor = oldestVersion
    },
    advance(version) {
      if (version > current) current = version
    },
    distrustBefore(version) {
      if (version > floor) floor = version
    },
    reset(version) {
      changedAt.clear()
      current = version
      floor = version
    },
  }
}
