// Refuses ids that cannot exist before any level of a cache is asked, so that invented ids cost nothing. An id contains its
// creation time: it cannot lie in the future, nor before the oldest row. The change log reports rows that get an older id.
// Seed ids, which are assigned by hand, always pass.

import type { Clock } from '../../base/clock.ts'
import { isPlausibleId, isSeedId } from '../../base/snowflake.ts'

export interface KeyFilter {
  mayExist(id: bigint): boolean
  /** These rows changed, so they may be new. */
  noteChanged(ids: Iterable<bigint>): void
  /** Changes may have been missed: the oldest id has to be loaded again. */
  reset(): void
}

interface Needs {
  clock: Clock
  /** The smallest id that exists, seed ids excepted. It is loaded once; until it is known, every plausible id passes. */
  oldestId: () => Promise<bigint | undefined>
}

export function createKeyFilter({ clock, oldestId }: Needs): KeyFilter {
  let oldest: bigint | undefined
  /** The smallest id that the change log has reported. */
  let oldestChanged: bigint | undefined
  let loading: Promise<void> | undefined

  function load(): Promise<void> {
    const current = oldestId()
      .catch(() => undefined)
      .then(found => {
        if (loading !== current) return
        oldest = found !== undefined && oldestChanged !== undefined && oldestChanged < found ? oldestChanged : found
        if (found === undefined) loading = undefined // no row yet, or no answer: the next call tries again
      })
    return current
  }

  return {
    mayExist(id) {
      if (!isPlausibleId(id, clock())) return false
      loading ??= load()
      return oldest === undefined || id >= oldest || isSeedId(id)
    },
    noteChanged(ids) {
      for (const id of ids) {
        if (isSeedId(id)) continue
        if (oldestChanged === undefined || id < oldestChanged) oldestChanged = id
        if (oldest !== undefined && id < oldest) oldest = id
      }
    },
    reset() {
      oldest = undefined
      loading = undefined
    },
  }
}
