import { ARMS, type Arm } from './assignment.ts'
import type { ExperimentRow } from './experiments.sql.ts'
import type { Comparison } from './sequential-test.ts'
import { METRICS, type Metric, type Verdict } from './verdict.ts'

interface ArmView {
  /** Known viewers with a page. */
  viewers: number
  pages: number
  /** For each page, or each ranking, or each place of a page. */
  rates: Record<Metric, number | null>
}

/** An experiment as operators see it. */
export interface ExperimentView {
  id: string
  name: string
  kind: ExperimentRow['kind']
  /** Versions of policies; null if a model is on trial. 0: the defaults. */
  control_policy: number | null
  treatment_policy: number | null
  /** Of all viewers. */
  treatment_share: number
  /** The chance that equal arms are ever called different. */
  error: number
  state: ExperimentRow['state']
  started_at: string
  ends_at: string | null
  ended_at: string | null
  /** Null before it was counted. */
  counted_at: string | null
  verdict: Verdict | null
  /** Why it ended, or what the figures say. */
  reason: string
  arms: Record<Arm, ArmView | null>
  /** Of clicks a page: treatment minus control, and its limits. */
  difference: { value: number; low: number; high: number } | null
}

export function toExperimentView(row: ExperimentRow): ExperimentView {
  const { figures } = row
  const clicks: Comparison | undefined = figures?.comparisons.clicks
  return {
    id: String(row.id),
    name: row.name,
    kind: row.kind,
    control_policy: row.controlPolicy,
    treatment_policy: row.treatmentPolicy,
    treatment_share: row.share,
    error: row.error,
    state: row.state,
    started_at: row.startedAt.toISOString(),
    ends_at: row.endsAt?.toISOString() ?? null,
    ended_at: row.endedAt?.toISOString() ?? null,
    counted_at: figures?.countedAt ?? null,
    verdict: figures?.verdict ?? null,
    reason: row.reason || (figures?.reason ?? ''),
    arms: Object.fromEntries(ARMS.map(arm => [arm, figures && toArmView(figures.arms[arm])])) as ExperimentView['arms'],
    difference: clicks ? { value: clicks.difference, low: clicks.low, high: clicks.high } : null,
  }
}

function toArmView(arm: NonNullable<ExperimentRow['figures']>['arms'][Arm]): ArmView {
  const rates = Object.fromEntries(
    (Object.keys(METRICS) as Metric[]).map(metric => [metric, arm[metric].n > 0 ? arm[metric].x / arm[metric].n : null]),
  )
  return { viewers: arm.viewers, pages: arm.clicks.n, rates: rates as ArmView['rates'] }
}
