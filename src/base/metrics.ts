// Counters, gauges and histograms in Prometheus' text format, which prom-client writes. Counters and histograms are counted here: it
// would sort and join the labels for each request. Label values are passed in the order in which the metric declared its label names.
// A series lives until the process ends, so label values must come from closed lists (routes, kinds, outcomes), never from requests.

import type { Metric, MetricValue, Gauge as PromGauge } from 'prom-client'
import { loadLate } from './load-late.ts'
import { createMetricSeries } from './metric-series.ts'

type PromClient = typeof import('prom-client')
// Not the whole library, which takes a start five times as long.
const Registry = loadLate<PromClient['Registry']>('prom-client/lib/registry.js')
const Gauge = loadLate<PromClient['Gauge']>('prom-client/lib/gauge.js')

export interface Metrics {
  counter(name: string, help: string, labels?: string[]): Counter
  gauge(name: string, help: string, read: () => number): void
  /** `read` returns every series of the gauge: its label values and its value. */
  labelledGauge(name: string, help: string, labels: string[], read: () => Iterable<readonly [string[], number]>): void
  histogram(name: string, help: string, labels?: string[]): Histogram
  /** The series of a counter or a gauge; of a histogram under its name with `_sum` or `_count`. Empty if there is no such metric. */
  read(name: string): Promise<Series[]>
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>
}

export interface Series {
  labels: Record<string, string>
  value: number
}

export interface Counter {
  add(values?: string[], by?: number): void
}

export interface Histogram {
  observe(seconds: number, values?: string[]): void
}

// Seconds: from half a millisecond, faster than which hardly any request is, to our longest deadline.
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const NONE: string[] = []

type Value = Series & { metricName?: string }

interface HistogramState {
  /** Of each bucket alone; the last is of what exceeds all bounds. */
  counts: number[]
  sum: number
}

/** Each call has a registry of its own, because several servers may run in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]

  /** The registry asks a metric for its values when it writes it, and nothing else. */
  function register(type: 'counter' | 'histogram', name: string, help: string, list: () => Value[]): void {
    const get = async () => ({ name, help, type, values: list() })
    registry.registerMetric({ name, get } as unknown as Metric)
  }

  return {
    counter(name, help, labels = []) {
      const series = createMetricSeries(labels, () => ({ value: 0 }))
      register('counter', name, help, () => series.list().map(({ labels, state: { value } }) => ({ labels, value })))
      return {
        add(values = NONE, by = 1) {
          series.of(values).value += by
        },
      }
    },
    gauge(name, help, read) {
      const gauge: PromGauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) })
    },
    labelledGauge(name, help, labels, read) {
      const collect = () => {
        gauge.reset() // a series that `read` no longer returns ends
        for (const [values, value] of read()) gauge.set(labelled(labels, values), value)
      }
      const gauge: PromGauge = new Gauge({ name, help, labelNames: labels, registers, collect })
    },
    histogram(name, help, labels = []) {
      const series = createMetricSeries<HistogramState>(labels, () => ({ counts: [...BUCKETS, 0].map(() => 0), sum: 0 }))
      register('histogram', name, help, () => series.list().flatMap(({ labels, state }) => histogramValues(name, labels, state)))
      return {
        observe(seconds, values = NONE) {
          const state = series.of(values)
          state.sum += seconds
          let bucket = 0
          while (bucket < BUCKETS.length && seconds > (BUCKETS[bucket] as number)) bucket++
          state.counts[bucket] = (state.counts[bucket] as number) + 1
        },
      }
    },
    async read(name) {
      const metric = registry.getSingleMetric(name) ?? registry.getSingleMetric(name.replace(/_(sum|count)$/, ''))
      const { values = [] } = (await metric?.get()) ?? {}
      return (values as (MetricValue<string> & { metricName?: string })[])
        .filter(({ metricName = name }) => metricName === name)
        .map(({ labels, value }) => ({ labels: labels as Record<string, string>, value }))
    },
    text: () => registry.metrics(),
  }
}

function labelled(names: string[], values: string[]): Record<string, string> {
  const labels: Record<string, string> = {}
  for (let i = 0; i < names.length; i++) labels[names[i] as string] = values[i] ?? ''
  return labels
}

/** In the text format each bucket has all that is at most its bound. */
function histogramValues(name: string, labels: Series['labels'], { counts, sum }: HistogramState): Value[] {
  let count = 0
  const buckets = counts.map((more, i) => {
    count += more
    return { metricName: `${name}_bucket`, labels: { le: String(BUCKETS[i] ?? '+Inf'), ...labels }, value: count }
  })
  return [...buckets, { metricName: `${name}_sum`, labels, value: sum }, { metricName: `${name}_count`, labels, value: count }]
}
