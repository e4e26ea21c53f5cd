import type { Clock } from '../../base/clock.ts'
import { CLOCK_ERROR_MAX_MS, CONSTANT_RETRY_MS, RETRY_MS } from '../feed-constants.ts'
import { decodeListCursor } from '../shared-lists/list-cursor.ts'

/** For how long the same cursor, if no page has it, is a retry of the refresh that it made. The cursor of a shared list is ours. */
export function retryMsOf(cursor: number, clock: Clock): number {
  const now = clock()
  const isTime = Math.abs(cursor - now) <= CLOCK_ERROR_MAX_MS || decodeListCursor(cursor, now) !== undefined
  return isTime ? RETRY_MS : CONSTANT_RETRY_MS
}
