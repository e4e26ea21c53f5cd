// Collects the metrics of every impression by row and user, and reports means with bootstrap intervals.

import { createSeededRandom } from '../../src/base/seeded-random.ts'

export const METRICS = ['auc', 'mrr', 'ndcg5', 'ndcg10', 'hr5', 'hr10', 'hr20', 'recall20'] as const
type Metric = (typeof METRICS)[number]

/** The mean over impressions; null if the protocol has no such metric. */
export type Row = Record<Metric, number | null> & { ci95: Partial<Record<Metric, [number, number]>> }

const RESAMPLES = 300 // as in the published protocol
const DIGITS = 4

export function createScoreboard() {
  const rows = new Map<string, Map<string | number, Sums>>()

  return {
    add(row: string, user: string | number, values: Partial<Record<Metric, number>> | undefined): void {
      if (!values) return
      let users = rows.get(row)
      if (!users) rows.set(row, (users = new Map()))
      let sums = users.get(user)
      if (!sums) users.set(user, (sums = { count: 0, totals: {} }))
      sums.count++
      for (const metric of METRICS) {
        const value = values[metric]
        if (value !== undefined) sums.totals[metric] = (sums.totals[metric] ?? 0) + value
      }
    },
    rows: (): Record<string, Row> => Object.fromEntries([...rows].map(([name, users]) => [name, rowOf([...users.values()])])),
  }
}

export type Scoreboard = ReturnType<typeof createScoreboard>

interface Sums {
  count: number
  totals: Partial<Record<Metric, number>>
}

function rowOf(users: Sums[]): Row {
  const row = { ci95: {} } as Row
  for (const metric of METRICS) {
    const known = users.some(user => user.totals[metric] !== undefined)
    row[metric] = known ? rounded(meanOf(users, metric)) : null
    if (known) row.ci95[metric] = intervalOf(users, metric)
  }
  return row
}

function meanOf(users: Sums[], metric: Metric): number {
  let [total, count] = [0, 0]
  for (const user of users) {
    total += user.totals[metric] ?? 0
    count += user.count
  }
  return total / count
}

/** 95 %, by resampling users with all their impressions. */
function intervalOf(users: Sums[], metric: Metric): [number, number] {
  const random = createSeededRandom(1)
  const means = new Float64Array(RESAMPLES)
  for (let i = 0; i < RESAMPLES; i++) {
    let [total, count] = [0, 0]
    for (let j = 0; j < users.length; j++) {
      const user = random.pick(users)
      total += user.totals[metric] ?? 0
      count += user.count
    }
    means[i] = total / count
  }
  means.sort()
  return [rounded(percentile(means, 0.025)), rounded(percentile(means, 0.975))]
}

/** Linear between the two nearest. */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const low = sorted[Math.floor(place)] as number
  return low + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] as number) - low)
}

const rounded = (value: number) => Number(value.toFixed(DIGITS))
