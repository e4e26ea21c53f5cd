// Refuses keys that cannot be anything's before any level is asked: whoever makes up numbers costs nothing. An id holds
// its moment, so one from the future is nobody's; nor is one from before the oldest there is, since a row that comes to
// be with an older one is told of by the change log. Seeds, numbered by hand, are always let through.

import type { Clock } from '../../base/clock.ts'
import { isPlausibleId, isSeedId } from '../../base/snowflake.ts'

export interface KeyFilter {
  mayExist(id: bigint): boolean
  noteChanged(ids: Iterable<bigint>): void
  /** Something may have come to be unheard. */
  reset(): void
}

/** `oldest`: the smallest id there is, seeds aside. It is asked once; until it is known, or if it never is, all may be. */
export function createKeyFilter({ clock, oldest }: { clock: Clock; oldest: () => Promise<bigint | undefined> }): KeyFilter {
  let least: bigint | undefined
  let told: bigint | undefined
  let asked: Promise<void> | undefined

  function ask(): Promise<void> {
    const asking = oldest()
      // The next one asks again, as where there is none yet: without any there may be any, which is how a site begins.
      .catch(() => undefined)
      .then(found => {
        if (asked !== asking) return
        least = found !== undefined && told !== undefined && told < found ? told : found
        if (found === undefined) asked = undefined
      })
    return asking
  }

  return {
    mayExist(id) {
      if (!isPlausibleId(id, clock())) return false
      asked ??= ask()
      return least === undefined || id >= least || isSeedId(id)
    },
    noteChanged(ids) {
      for (const id of ids) {
        if (isSeedId(id)) continue
        if (told === undefined || id < told) told = id
        if (least !== undefined && id < least) least = id
      }
    },
    reset() {
      least = undefined
      asked = undefined
    },
  }
}
