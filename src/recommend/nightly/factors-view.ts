import { FACTOR_RANKINGS, type FactorQuality, type FactorRanking } from './article-factors.ts'
import { toNdcgView } from './ndcg-view.ts'

export const FACTORS_JOB = 'train-factors'

/** What a run of the job says. */
export interface FactorsReport {
  outcome: 'live' | 'refused'
  /** Why they were refused. */
  reason: string
  ndcg10: FactorQuality
  /** Which of the two went live. */
  model?: 'ials' | 'ease'
  readers: number
  articles: number
}

/** A night's factors as operators see them. */
export interface FactorsView {
  trained_at: string
  state: FactorsReport['outcome']
  model: 'ials' | 'ease' | null
  reason: string
  readers: number
  articles: number
  /** On the newest click of each reader; null if it was not compared. */
  ndcg10: Record<FactorRanking, number | null>
}

/** Runs that failed say nothing here. */
export function toFactorsView({
  ended_at,
  outcome,
  report,
}: {
  ended_at: Date | null
  outcome: string | null
  report: unknown
}): FactorsView[] {
  if (!ended_at || outcome !== 'done') return []
  const { outcome: state, model = null, reason, readers, articles, ndcg10 } = report as FactorsReport
  return [
    {
      trained_at: ended_at.toISOString(),
      state,
      model,
      reason,
      readers,
      articles,
      ndcg10: toNdcgView(FACTOR_RANKINGS, ndcg10),
    },
  ]
}
