// When things happen in the demo world, and the ids they get from it.

import { DAY, HOUR } from '../base/clock.ts'
import type { Random } from '../base/seeded-random.ts'
import { EPOCH_MS } from '../base/snowflake.ts'

/** The world is as old as what its readers remember: seen articles are left out of the feed for 30 days. */
export const WORLD_AGE_MS = 30 * DAY

// The demo's people live in one zone without summer time: Asia/Shanghai.
const ZONE = 8 * HOUR

// How much goes on in each hour of the day, from midnight. Newsrooms work by day; readers look in on the way to work,
// at noon and in the evening; next to nothing happens at four in the morning.
export const WRITING_RHYTHM = [2, 1, 0.5, 0.3, 0.3, 1, 4, 8, 11, 12, 12, 10, 7, 7, 9, 10, 10, 9, 8, 7, 7, 6, 5, 3]
export const READING_RHYTHM = [3, 1.5, 0.6, 0.3, 0.3, 0.8, 3, 8, 9, 6, 5, 6, 10, 8, 5, 5, 5, 7, 8, 8, 10, 12, 11, 7]

/** A moment between two others, as likely as its hour is busy. */
export function pickMoment(random: Random, from: number, to: number, rhythm: readonly number[]): number {
  const busiest = Math.max(...rhythm)
  for (;;) {
    const at = Math.floor(random.between(from, to))
    const hour = Math.floor(((at + ZONE) % DAY) / HOUR)
    if (random.chance((rhythm[hour] as number) / busiest)) return at
  }
}

const WORKER = 1_023n
const FIRST_SEQUENCE = 2_048

/**
 * Ids like those of real rows, 19 digits and all, so that a client which cannot hold them shows it at first start. They
 * are made for the row's own moment in the past with worker number 1023 and the upper half of the sequence: whoever
 * leases that number makes ids for moments to come, and no process has ever made 2,048 ids in one millisecond of it.
 */
export function createPastIds(): (atMs: number) => bigint {
  const last = new Map<number, number>()
  return atMs => {
    const ms = Math.floor(atMs)
    const sequence = (last.get(ms) ?? FIRST_SEQUENCE - 1) + 1
    if (sequence > 4_095) throw new Error('more than 2048 demo rows in one millisecond')
    last.set(ms, sequence)
    return (BigInt(ms - EPOCH_MS) << 22n) | (WORKER << 12n) | BigInt(sequence)
  }
}
