// Snowflake ids, which sort by creation time: 41 bits of milliseconds since the epoch, 10 bits of worker number, 12 bits of
// sequence. Time is a logical clock, `max(now, last)`, so ids grow even when the machine's clock is set back.

import { type Clock, MINUTE, SECOND } from './clock.ts'
import { ID_MAX } from './id.ts'
import { Problem } from './problem.ts'

/** 2010-11-04T01:42:54.657Z, the epoch of the original course backend: its ids and ours sort together. */
export const EPOCH_MS = 1_288_834_974_657

export const WORKER_COUNT = 1_024 // 10 bits

const SEQUENCE_MAX = 4_095 // 12 bits
const LAST_MS = EPOCH_MS + 2 ** 41 - 1 // 41 bits end in July 2080

/**
 * How far ids may run ahead of the clock. This covers a clock that NTP set back by seconds. A clock set back by a minute is
 * an operator's mistake: ids from that far in the future would sort wrongly, so making ids fails until the clock is right.
 */
const LEAD_MAX_MS = 5 * SECOND

/**
 * Makes ids for one worker number, each larger than the one before. `lastUsedMs` is the latest millisecond that the
 * number's previous owner may have used; `reservedUntilMs` returns the latest one that this owner may use
 * (engines/database/worker-lease.ts). Throws `unavailable` when an id could be a duplicate, and recovers with the clock.
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
  if (!Number.isInteger(worker) || worker < 0 || worker >= WORKER_COUNT) throw new RangeError(`not a worker number: ${worker}`)
  // No id is made in `lastUsedMs`, nor in the epoch's first millisecond: ids below 2^22 are for seed data.
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
      throw idsUnavailable('the clock was set back: no ids can be made until it has caught up', { lead_ms: at - now })
    if (at > Math.min(reservedUntilMs(), LAST_MS))
      throw idsUnavailable('no ids are reserved for this millisecond', { over_ms: at - reservedUntilMs() })
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

/** Smaller ids, 1 to 4,194,303, are for seed data. No snowflake is that small. */
export const SEED_ID_END = 1n << 22n

export const isSeedId = (id: bigint): boolean => id > 0n && id < SEED_ID_END

/** Another process's clock may be ahead of ours, and its ids ahead of its clock. */
const CLOCK_SKEW_MS = MINUTE

/** False for an id that no row can have. Callers check it first, to spare the database queries about invented ids. */
export function isPlausibleId(id: bigint, nowMs: number): boolean {
  if (id <= 0n || id > ID_MAX) return false
  return isSeedId(id) || Number(id >> 22n) + EPOCH_MS <= nowMs + CLOCK_SKEW_MS
}
