// The recommender's funnel in this process, and what viewers did with what they were shown, from the rows.

import { LRUCache } from 'lru-cache'
import { MINUTE } from '../../base/clock.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { Db } from '../../engines/database/database.ts'
import type { FactorsView } from '../../recommend/nightly/factors-view.ts'
import type { ModelView } from '../../recommend/nightly/model-view.ts'
import { type FeedDay, listFeedDays } from './feed-days.sql.ts'

export type RecommenderFigures = ReturnType<typeof createRecommenderFigures>

const MODELS = 14 // nights
/** A past day changes little: only by events that arrive late. Counting two weeks of a large site takes seconds, and the screen asks twice a minute. */
const PAST_DAYS_TTL_MS = 10 * MINUTE

interface Needs {
  db: Db
  metrics: Metrics
  zone: string
  pageDays: number
  listModels: (limit: number) => Promise<ModelView[]>
  listFactors: (limit: number) => Promise<FactorsView[]>
}

export function createRecommenderFigures({ db, metrics, zone, pageDays, listModels, listFactors }: Needs) {
  const pastDays = new LRUCache<string, FeedDay[], { days: number; before: string }>({
    max: 10,
    ttl: PAST_DAYS_TTL_MS,
    fetchMethod: (_key, _stale, { context }) => listFeedDays(db, { ...context, zone, pageDays }),
  })

  async function listDays(days: number): Promise<FeedDay[]> {
    const [today] = (await listFeedDays(db, { days: 1, zone, pageDays })) as [FeedDay]
    if (days === 1) return [today]
    const past = await pastDays.fetch(`${days} ${today.day}`, { context: { days: days - 1, before: today.day } })
    return [...(past ?? []), today]
  }

  async function valuesOf(metric: string, label: string): Promise<Map<string, number>> {
    const series = await metrics.read(metric)
    return new Map(series.map(({ labels, value }) => [labels[label] as string, value]))
  }

  /** The steps in the order in which they run. Filters are not timed one by one; each run that is scored passes all of them. */
  async function listSteps() {
    const [left, runs, seconds, removed, failed] = await Promise.all([
      valuesOf('pipeline_candidates_total', 'step'),
      valuesOf('pipeline_step_seconds_count', 'step'),
      valuesOf('pipeline_step_seconds_sum', 'step'),
      valuesOf('pipeline_removed_total', 'filter'),
      valuesOf('pipeline_failed_total', 'step'),
    ])
    return [...left].map(([step, candidates]) => {
      const filter = /^filter\.(.*)$/.exec(step)?.[1]
      const count = runs.get(filter === undefined ? step : 'score') ?? 0
      const total = seconds.get(step)
      return {
        step,
        runs: count,
        mean_left: count && candidates / count,
        mean_ms: total === undefined || count === 0 ? null : (1_000 * total) / count,
        removed: filter === undefined ? null : (removed.get(filter) ?? 0),
        failed: failed.get(step) ?? 0,
      }
    })
  }

  async function listCalls() {
    const [counts, seconds] = await Promise.all([
      valuesOf('recommender_call_seconds_count', 'outcome'),
      valuesOf('recommender_call_seconds_sum', 'outcome'),
    ])
    return [...counts].map(([outcome, count]) => ({ outcome, count, mean_ms: count && (1_000 * (seconds.get(outcome) ?? 0)) / count }))
  }

  return async (days: number) => {
    const [pages, calls, steps, rows, models, factors] = await Promise.all([
      valuesOf('feed_pages_total', 'source'),
      listCalls(),
      listSteps(),
      listDays(days),
      listModels(MODELS),
      listFactors(MODELS),
    ])
    return {
      pages: [...pages].map(([source, count]) => ({ source, count })),
      calls,
      steps,
      models,
      factors,
      days: rows.map(row => ({ ...row, click_rate: row.exposures > 0 ? row.feed_clicks / row.exposures : null })),
    }
  }
}
