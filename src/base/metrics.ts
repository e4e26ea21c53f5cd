// Counters, gauges and histograms in Prometheus' text format, by prom-client. Label values are passed in the order in which the
// metric declared its label names. A series lives until the process ends, so label values must come from closed lists (routes,
// kinds, outcomes), never from requests.

import { type MetricValue, Counter as PromCounter, Gauge as PromGauge, Histogram as PromHistogram, Registry } from 'prom-client'

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

/** Each call has a registry of its own, because several servers may run in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  return {
    counter(name, help, labels = []) {
      const counter = new PromCounter({ name, help, labelNames: labels, registers })
      return { add: (values = [], by = 1) => counter.inc(labelled(labels, values), by) }
    },
    gauge(name, help, read) {
      const gauge: PromGauge = new PromGauge({ name, help, registers, collect: () => gauge.set(read()) })
    },
    labelledGauge(name, help, labels, read) {
      const collect = () => {
        gauge.reset() // a series that `read` no longer returns ends
        for (const [values, value] of read()) gauge.set(labelled(labels, values), value)
      }
      const gauge: PromGauge = new PromGauge({ name, help, labelNames: labels, registers, collect })
    },
    histogram(name, help, labels = []) {
      const histogram = new PromHistogram({ name, help, labelNames: labels, buckets: BUCKETS, registers })
      return { observe: (seconds, values = []) => histogram.observe(labelled(labels, values), seconds) }
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
