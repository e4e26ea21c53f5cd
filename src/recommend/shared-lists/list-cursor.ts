// How a place in a shared list is written as a timestamp: minute * 10^6 + (10^6 - 1 - offset). Fourteen digits, where a
// clock in milliseconds has thirteen, and going down along the list as the numbers of every feed do.

import { HOUR, MINUTE } from '../../base/clock.ts'

/** Lists older than this are gone; whoever still scrolls in one starts anew. */
export const SHARED_LIST_TTL_MS = 2 * HOUR
export const PLACES = 1_000_000

export interface ListPlace {
  /** Minutes since 1970: which list. */
  minute: number
  offset: number
}

export const stampOf = ({ minute, offset }: ListPlace): number => minute * PLACES + (PLACES - 1 - offset)

/** Undefined for numbers that name no list which may still be there. */
export function placeOf(stamp: number, now: number): ListPlace | undefined {
  const minute = Math.floor(stamp / PLACES)
  const latest = Math.floor(now / MINUTE)
  if (minute > latest || minute <= latest - SHARED_LIST_TTL_MS / MINUTE) return undefined
  return { minute, offset: PLACES - 1 - (stamp % PLACES) }
}
