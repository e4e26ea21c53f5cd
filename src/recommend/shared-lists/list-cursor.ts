// The cursor of a shared list: minute × 10⁶ + (10⁶ − 1 − offset). It has fourteen digits where milliseconds have thirteen, and
// falls along the list as every feed's cursors do.

import { MINUTE } from '../../base/clock.ts'
import { SHARED_LIST_TTL_MS } from '../feed-constants.ts'

export const LIST_LENGTH_MAX = 1_000_000

export interface ListPosition {
  /** Minutes since 1970: which list of the channel. */
  minute: number
  offset: number
}

export const encodeListCursor = ({ minute, offset }: ListPosition): number => minute * LIST_LENGTH_MAX + (LIST_LENGTH_MAX - 1 - offset)

/** Undefined for numbers that are the cursor of no list that may still be stored. */
export function decodeListCursor(cursor: number, now: number): ListPosition | undefined {
  const minute = Math.floor(cursor / LIST_LENGTH_MAX)
  const currentMinute = Math.floor(now / MINUTE)
  if (minute > currentMinute || minute <= currentMinute - SHARED_LIST_TTL_MS / MINUTE) return undefined
  return { minute, offset: LIST_LENGTH_MAX - 1 - (cursor % LIST_LENGTH_MAX) }
}
