// When things happen in the demo world.

import { DAY, HOUR } from '../base/clock.ts'
import type { Random } from '../base/seeded-random.ts'

/** As long as the feed leaves out articles that a reader has seen. */
export const WORLD_AGE_MS = 30 * DAY

// The demo's people live in one time zone without daylight saving time: Asia/Shanghai.
const ZONE_OFFSET_MS = 8 * HOUR

// Relative activity in each hour of the day, from midnight. Newsrooms work by day. Readers come on the way to work,
// at noon and in the evening. Almost nothing happens at four in the morning.
export const WRITING_RHYTHM = [2, 1, 0.5, 0.3, 0.3, 1, 4, 8, 11, 12, 12, 10, 7, 7, 9, 10, 10, 9, 8, 7, 7, 6, 5, 3]
export const READING_RHYTHM = [3, 1.5, 0.6, 0.3, 0.3, 0.8, 3, 8, 9, 6, 5, 6, 10, 8, 5, 5, 5, 7, 8, 8, 10, 12, 11, 7]

/** A random moment between two others (rejection sampling): a busier hour of the rhythm is proportionally more likely. */
export function pickMoment(random: Random, from: number, to: number, rhythm: readonly number[]): number {
  const busiest = Math.max(...rhythm)
  for (;;) {
    const at = Math.floor(random.between(from, to))
    const hour = Math.floor(((at + ZONE_OFFSET_MS) % DAY) / HOUR)
    if (random.chance((rhythm[hour] as number) / busiest)) return at
  }
}
