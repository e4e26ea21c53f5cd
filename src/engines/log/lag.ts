// How far a consumer is behind its log. Rows carry no time. So each observed end of the log is remembered with its time until
// everything that was visible then has been read. An open transaction that has written holds all consumers back.

import type { Metrics } from '../../base/metrics.ts'
import type { LogEnd } from './log-rows.sql.ts'

export interface LagTracker {
  /** At the time `at` the log ended at `end`. Everything below the transaction id `readUpTo` has been read. */
  observeEnd(end: Pick<LogEnd, 'xmax'>, readUpTo: bigint, at: number): void
  /** Forgets the observed ends: they belong to another incarnation. */
  reset(): void
  /** The time before which every commit has been read. Undefined until the first observed end is reached. */
  caughtUpAt(): number | undefined
  /** Seconds since `caughtUpAt`, or since the tracker was created. */
  seconds(): number
}

const ENDS_MAX = 1_000 // some minutes of a consumer that is held back; beyond that, ends in between are forgotten

export function createLagTracker(clock: () => number): LagTracker {
  const pending: { xmax: bigint; at: number }[] = []
  const createdAt = clock()
  let caughtUpAt: number | undefined
  return {
    observeEnd(end, readUpTo, at) {
      const xmax = BigInt(end.xmax)
      const last = pending.at(-1)
      if (last?.xmax === xmax) last.at = at
      else pending.push({ xmax, at })
      if (pending.length > ENDS_MAX) pending.splice(-2, 1)
      while (pending[0] && pending[0].xmax <= readUpTo) caughtUpAt = (pending.shift() as { at: number }).at
    },
    reset() {
      pending.length = 0
    },
    caughtUpAt: () => caughtUpAt,
    seconds: () => Math.max(0, clock() - (caughtUpAt ?? createdAt)) / 1000,
  }
}

export interface LagMetric {
  /** Adds a consumer to the metrics. Lag undefined: another process runs it. `durable`: one that keeps its offset. */
  add(consumer: string, lagSeconds: () => number | undefined, durable?: DurableState): void
}

interface DurableState {
  /** The transaction id below which everything is consumed. */
  offset: () => number
  /** How many changes are set aside because their effect throws. */
  setAside: () => number
}

export function createLagMetric(metrics: Metrics): LagMetric {
  const consumers = new Map<string, { lag: () => number | undefined } & Partial<DurableState>>()
  const gauge = (name: string, help: string, value: 'lag' | keyof DurableState) =>
    metrics.labelledGauge(name, help, ['consumer'], () =>
      [...consumers].flatMap(([consumer, state]) => {
        const read = state.lag() === undefined ? undefined : state[value]?.()
        return read === undefined ? [] : [[[consumer], read] as const]
      }),
    )
  gauge('log_lag_seconds', 'Seconds since a consumer of a log last reached its end', 'lag')
  gauge('log_offset', 'Transaction id below which a durable consumer has consumed everything', 'offset')
  gauge('log_set_aside', 'Changes that a durable consumer has set aside because their effect throws', 'setAside')
  return { add: (consumer, lag, durable) => void consumers.set(consumer, { lag, ...durable }) }
}
