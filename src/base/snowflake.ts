// Ids that sort by the moment they were made: 41 bits of milliseconds since the epoch, 10 bits of worker number, 12 bits
// of sequence. Time here is a logical clock, `max(now, last)`: it never runs backwards, whatever the machine's clock does.

import { type Clock, MINUTE, SECOND } from './clock.ts'
import { ID_MAX } from './id.ts'
import { Problem } from './problem.ts'

/** 2010-11-04T01:42:54.657Z, the epoch of the course this system is known from, so that its ids and ours sort together. */
export const EPOCH_MS = 1_288_834_974_657

export const WORKER_COUNT = 1_024 // 10 bits

const SEQUENCE_MAX = 4_095 // 12 bits
const LAST_MS = EPOCH_MS + 2 ** 41 - 1 // 41 bits end in July 2080

/**
 * How far ids may run ahead of the clock. A clock set back by an NTP step (seconds) is waited out on borrowed time; one
 * set back by a minute is a mistake somebody must hear of, and ids from the future would sort wrongly until it is over.
 */
const LEAD_MAX_MS = 5 * SECOND

/**
 * Makes ids for one worker number, each larger than the one before. `afterMs` is the last moment the number's previous
 * holder may have used, `highMs` the last one that is reserved for us (engines/database/worker-number.ts).
 * Throws `unavailable` rather than make an id that could be a duplicate; it works again once the clock is right.
 */
export function createSnowflake({
  worker,
  clock,
  lastUsedMs = 0,
  reservedUntilMs = () => LAST_MS,
}: {
  worker: number
  clock: Clock
  lastUsedMs?: number
  reservedUntilMs?: () => number
}): () => bigint {
  if (!Number.isInteger(worker) || worker < 0 || worker >= WORKER_COUNT) throw new RangeError(`no worker number: ${worker}`)
  // The moment before the first is used up. The epoch's own is too: ids below 2^22 belong to seeds.
  let last = Math.max(lastUsedMs, EPOCH_MS)
  let sequence = SEQUENCE_MAX
  return () => {
    const now = Math.floor(clock())
    let at = last
    let next = sequence + 1
    if (now > last || next > SEQUENCE_MAX) {
      at = Math.max(now, last + 1)
      next = 0
    }
    if (at - now > LEAD_MAX_MS)
      throw idsUnavailable('the clock was set back, so no ids can be made until it catches up', { lead_ms: at - now })
    if (at > Math.min(reservedUntilMs(), LAST_MS))
      throw idsUnavailable('no ids are reserved for this moment', { over_ms: at - reservedUntilMs() })
    last = at
    sequence = next
    return (BigInt(at - EPOCH_MS) << 22n) | BigInt((worker << 12) | next)
  }
}

export function idsUnavailable(message: string, details: Record<string, unknown> = {}): Problem {
  return new Problem('unavailable', message, { code: 'id_clock', ...details })
}

export function decodeSnowflake(id: bigint): { at: Date; worker: number; sequence: number } {
  const low = Number(id & 0x3f_ffffn)
  return { at: new Date(Number(id >> 22n) + EPOCH_MS), worker: low >> 12, sequence: low & SEQUENCE_MAX }
}

/** Below this are no snowflakes, as none are made in the epoch's first millisecond: seeds use 1 … 4,194,303 by hand. */
export const SEED_ID_END = 1n << 22n

export const isSeedId = (id: bigint): boolean => id > 0n && id < SEED_ID_END

/** Ids of this minute may come from a process whose clock is ahead of ours, and run ahead of that clock themselves. */
const CLOCK_SKEW_MS = MINUTE

/** Whether `id` can be anything's id at all, which spares the database questions about numbers somebody made up. */
export function isPlausibleId(id: bigint, nowMs: number): boolean {
  if (id <= 0n || id > ID_MAX) return false
  return isSeedId(id) || Number(id >> 22n) + EPOCH_MS <= nowMs + CLOCK_SKEW_MS
}
