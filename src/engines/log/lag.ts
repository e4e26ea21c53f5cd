// How far behind a follower is, in seconds: how long ago it was that everything which could be seen then has been read by
// now. Rows have no time in them, so each look at the log is remembered until it has been reached.

import type { Clock } from '../../base/clock.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { End } from './tail.ts'

export interface Lag {
  /** At `at` the end of the log was `end`; everything below `reached` has been read. */
  looked(end: End, reached: bigint, at: number): void
  seconds(): number
}

const REMEMBERED = 1_000 // some minutes of a follower that is held back; then moments between are forgotten

export function createLag(clock: Clock): Lag {
  const ahead: { top: bigint; at: number }[] = []
  let stood = clock()
  return {
    looked(end, reached, at) {
      const top = BigInt(end.top)
      const last = ahead.at(-1)
      if (last?.top === top) last.at = at
      else ahead.push({ top, at })
      if (ahead.length > REMEMBERED) ahead.splice(-2, 1)
      while (ahead[0] && ahead[0].top <= reached) stood = (ahead.shift() as { at: number }).at
    },
    seconds: () => Math.max(0, clock() - stood) / 1000,
  }
}

export interface Lags {
  /** From now on the metric has this follower too. */
  add(consumer: string, seconds: () => number): void
}

export function createLags(metrics: Metrics): Lags {
  const all = new Map<string, () => number>()
  metrics.gauges('log_lag_seconds', 'Since a follower of a log last stood at its end', ['consumer'], () =>
    [...all].map(([name, seconds]) => [[name], seconds()] as const),
  )
  return { add: (consumer, seconds) => void all.set(consumer, seconds) }
}
