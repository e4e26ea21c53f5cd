// Up to which moment a follower has heard of everything, and so how far behind it is. Rows have no time in them: each look at
// the log is remembered until all that could be seen then has been read. What commits while an older transaction still
// writes is told only after that one, so "now" it is only when nobody writes.

import type { Metrics } from '../../base/metrics.ts'
import type { LogEnd } from './log-reader.ts'

export interface LagTracker {
  /** At `at` the end of the log was `end`; everything below `reached` has been read. */
  observeEnd(end: Pick<LogEnd, 'xmax'>, reached: bigint, at: number): void
  /** What was ahead is of another history. */
  reset(): void
  /** That moment; undefined while not even the first look has been reached. */
  caughtUpAt(): number | undefined
  /** Since then, or since it began. */
  seconds(): number
}

const REMEMBERED = 1_000 // some minutes of a follower that is held back; then moments between are forgotten

export function createLagTracker(clock: () => number): LagTracker {
  const ahead: { top: bigint; at: number }[] = []
  const began = clock()
  let heard: number | undefined
  return {
    observeEnd(end, reached, at) {
      const top = BigInt(end.xmax)
      const last = ahead.at(-1)
      if (last?.top === top) last.at = at
      else ahead.push({ top, at })
      if (ahead.length > REMEMBERED) ahead.splice(-2, 1)
      while (ahead[0] && ahead[0].top <= reached) heard = (ahead.shift() as { at: number }).at
    },
    reset() {
      ahead.length = 0
    },
    caughtUpAt: () => heard,
    seconds: () => Math.max(0, clock() - (heard ?? began)) / 1000,
  }
}

export interface LagMetric {
  /** From now on the metric has this follower too. */
  add(consumer: string, seconds: () => number): void
}

export function createLagMetric(metrics: Metrics): LagMetric {
  const all = new Map<string, () => number>()
  metrics.labelledGauge('log_lag_seconds', 'Since a follower of a log last stood at its end', ['consumer'], () =>
    [...all].map(([name, seconds]) => [[name], seconds()] as const),
  )
  return { add: (consumer, seconds) => void all.set(consumer, seconds) }
}
