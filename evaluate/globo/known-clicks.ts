// What is known of the clicks at a moment: clicks of each article in the last 1, 6 and 24 hours, and of the last two days the
// pairs of articles in one session.

import { FEEDBACK_DELAY_S } from '../measure/replay.ts'
import type { GloboData } from './data.ts'

const HOUR_MS = 3_600_000
const PAIRED = 10 // earlier clicks of the session that a click is paired with

export function createKnownClicks({ at, article, previous, articleIds }: GloboData) {
  const articles = articleIds.length
  const windows = [1, 6, 24].map(hours => ({ ms: hours * HOUR_MS, counts: new Int32Array(articles), oldest: 0 }))
  const [hour, sixHours, day] = windows.map(window => window.counts) as [Int32Array, Int32Array, Int32Array]
  const pairs: (Map<number, number> | undefined)[] = Array.from({ length: articles })
  const pairedClicks = new Int32Array(articles)
  const firstAt = new Float64Array(articles).fill(Number.POSITIVE_INFINITY)
  const candidates = createIndexSet(articles)
  let [known, oldestPaired] = [0, 0]

  function countPair(a: number, b: number, sign: 1 | -1): void {
    const others = (pairs[a] ??= new Map<number, number>())
    const count = (others.get(b) ?? 0) + sign
    if (count > 0) others.set(b, count)
    else others.delete(b)
  }

  function countPairs(click: number, sign: 1 | -1): void {
    const a = article[click] as number
    pairedClicks[a] = (pairedClicks[a] as number) + sign
    let earlier = previous[click] as number
    for (let n = 0; n < PAIRED && earlier >= 0; n++, earlier = previous[earlier] as number) {
      const b = article[earlier] as number
      if (a === b) continue
      countPair(a, b, sign)
      countPair(b, a, sign)
    }
  }

  return {
    hour,
    sixHours,
    day,
    pairedClicks,
    firstAt,
    /** The articles with a click in the last day. */
    candidates,
    pairsOf: (index: number): ReadonlyMap<number, number> => pairs[index] ?? new Map(),
    /** Learns what is known when the click at this index happens. */
    advance(click: number): void {
      const now = at[click] as number
      for (; known < click && (at[known] as number) <= now - FEEDBACK_DELAY_S * 1000; known++) {
        const a = article[known] as number
        for (const { counts } of windows) counts[a] = (counts[a] as number) + 1
        firstAt[a] = Math.min(firstAt[a] as number, at[known] as number)
        candidates.add(a)
        countPairs(known, 1)
      }
      for (const window of windows)
        for (; window.oldest < known && (at[window.oldest] as number) < now - window.ms; window.oldest++) {
          const a = article[window.oldest] as number
          window.counts[a] = (window.counts[a] as number) - 1
          if (window.counts === day && day[a] === 0) candidates.remove(a)
        }
      for (; oldestPaired < known && (at[oldestPaired] as number) < now - 48 * HOUR_MS; oldestPaired++) countPairs(oldestPaired, -1)
    },
  }
}

export type KnownClicks = ReturnType<typeof createKnownClicks>

/** A set of small numbers that can be walked without an iterator. */
function createIndexSet(size: number) {
  const [members, places] = [new Int32Array(size), new Int32Array(size).fill(-1)]
  let count = 0
  return {
    members: () => members.subarray(0, count),
    has: (index: number) => places[index] !== -1,
    add(index: number): void {
      if (places[index] !== -1) return
      places[index] = count
      members[count++] = index
    },
    remove(index: number): void {
      const place = places[index] as number
      const last = members[--count] as number
      members[place] = last
      places[last] = place
      places[index] = -1
    },
  }
}
