// The series of one metric, found by their label values. Maps within maps: joining the values to one key would take longer than counting.

export interface MetricSeries<T> {
  /** The state of a series, which begins with the first call. */
  of(values: readonly string[]): T
  list(): { labels: Record<string, string>; state: T }[]
}

type Level<T> = Map<string, Level<T> | T>

/** A metric without labels has one series from the beginning. */
export function createMetricSeries<T extends object>(names: readonly string[], create: () => T): MetricSeries<T> {
  const all: { labels: Record<string, string>; state: T }[] = []
  const root: Level<T> = new Map()

  function add(values: readonly string[]): T {
    const state = create()
    all.push({ labels: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])), state })
    return state
  }

  if (names.length === 0) {
    const only = add([])
    return { of: () => only, list: () => all }
  }
  const last = names.length - 1
  return {
    of(values) {
      let level = root
      for (let i = 0; i < last; i++) {
        const value = values[i] ?? ''
        let next = level.get(value) as Level<T> | undefined
        if (!next) level.set(value, (next = new Map()))
        level = next
      }
      const value = values[last] ?? ''
      let state = level.get(value) as T | undefined
      if (!state) level.set(value, (state = add(values)))
      return state
    },
    list: () => all,
  }
}
