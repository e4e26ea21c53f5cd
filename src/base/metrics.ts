// Counters, gauges and histograms in Prometheus' text format. Label values are passed in the order in which the metric
// declared its label names. A series lives until the process ends, so label values must come from closed lists (routes,
// kinds, outcomes), never from requests.

export interface Metrics {
  counter(name: string, help: string, labels?: string[]): Counter
  gauge(name: string, help: string, read: () => number): void
  /** `read` returns every series of the gauge: its label values and its value. */
  labelledGauge(name: string, help: string, labels: string[], read: () => Iterable<readonly [string[], number]>): void
  histogram(name: string, help: string, labels?: string[]): Histogram
  /** All metrics in Prometheus' text format. */
  text(): string
}

export interface Counter {
  add(values?: string[], by?: number): void
}

export interface Histogram {
  observe(seconds: number, values?: string[]): void
}

// Seconds: from half a millisecond, faster than which hardly any request is, to our longest deadline.
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const SEPARATOR = '\n' // occurs in no label value

export function createMetrics(): Metrics {
  const metrics = new Map<string, () => string[]>()
  const define = (name: string, type: string, help: string, lines: () => string[]) => {
    if (metrics.has(name)) throw new Error(`the metric ${name} is defined twice`)
    metrics.set(name, () => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()])
  }
  return {
    counter(name, help, labels = []) {
      const series = new Map<string, { values: string[]; value: number }>()
      define(name, 'counter', help, () =>
        [...series.values()].map(({ values, value }) => `${name}${formatLabels(labels, values)} ${value}`),
      )
      return {
        add(values = [], by = 1) {
          const key = values.join(SEPARATOR)
          const one = series.get(key)
          if (one) one.value += by
          else series.set(key, { values, value: by })
        },
      }
    },
    gauge(name, help, read) {
      define(name, 'gauge', help, () => [`${name} ${read()}`])
    },
    labelledGauge(name, help, labels, read) {
      define(name, 'gauge', help, () => [...read()].map(([values, value]) => `${name}${formatLabels(labels, values)} ${value}`))
    },
    histogram(name, help, labels = []) {
      const series = new Map<string, { values: string[]; counts: number[]; sum: number; count: number }>()
      const lines = () =>
        [...series.values()].flatMap(({ values, counts, sum, count }) => [
          ...BUCKETS.map((le, i) => `${name}_bucket${formatLabels([...labels, 'le'], [...values, String(le)])} ${counts[i]}`),
          `${name}_bucket${formatLabels([...labels, 'le'], [...values, '+Inf'])} ${count}`,
          `${name}_sum${formatLabels(labels, values)} ${sum}`,
          `${name}_count${formatLabels(labels, values)} ${count}`,
        ])
      define(name, 'histogram', help, lines)
      return {
        observe(seconds, values = []) {
          const key = values.join(SEPARATOR)
          let one = series.get(key)
          if (!one) series.set(key, (one = { values, counts: BUCKETS.map(() => 0), sum: 0, count: 0 }))
          one.sum += seconds
          one.count++
          // Buckets are cumulative: each counts every value up to its bound.
          for (let i = BUCKETS.length - 1; i >= 0 && seconds <= (BUCKETS[i] as number); i--) one.counts[i] = (one.counts[i] as number) + 1
        },
      }
    },
    text: () => `${[...metrics.values()].flatMap(lines => lines()).join('\n')}\n`,
  }
}

function formatLabels(names: string[], values: string[]): string {
  if (names.length === 0) return ''
  return `{${names.map((name, i) => `${name}="${(values[i] ?? '').replace(/["\\\n]/g, '_')}"`).join(',')}}`
}
