// What the figures of an experiment say. First whether they can be believed, then whether the treatment does harm, then whether its
// readers click more or less.

import { type Arm, treatmentShareOf } from './assignment.ts'
import { type Comparison, compareRates, evidenceOf, type Sums } from './sequential-test.ts'

/** What viewers did (`of`), for each `per`; columns of the table experiment_viewer. `harm`: whether more of it is worse, or less. */
export const METRICS = {
  clicks: { of: 'clicks', per: 'pages', harm: 'less' },
  failures: { of: 'failed', per: 'rankings', harm: 'more' },
  slowness: { of: 'slow', per: 'rankings', harm: 'more' },
  complaints: { of: 'complaints', per: 'pages', harm: 'more' },
  diversity: { of: 'authors', per: 'places', harm: 'less' },
  before: { of: 'before_clicks', per: 'before_pages', harm: 'less' },
} as const
export type Metric = keyof typeof METRICS

export const GUARDS = ['failures', 'slowness', 'complaints', 'diversity'] as const satisfies Metric[]

export type ArmFigures = Record<Metric, Sums> & {
  /** Those with a page. */
  viewers: number
}

export interface Figures {
  arms: Record<Arm, ArmFigures>
  /** Viewers with pages of both arms, who are in neither. */
  inBoth: number
}

/**
 * `refused`: the arms cannot be compared. `harmful`: a guard says so. `better`, `worse`: of the clicks. `unknown`: no difference is
 * certain yet. `too-few`: there is not enough to compare.
 */
export type Verdict = 'refused' | 'harmful' | 'better' | 'worse' | 'unknown' | 'too-few'

export interface Judgement {
  verdict: Verdict
  reason: string
  /** Of clicks for each page, also before it began, and of the guards; without what cannot be compared yet. */
  comparisons: Partial<Record<Metric, Comparison>>
}

/** The sizes of differences that are looked for: of clicks in parts of the rate, otherwise in units of the rate. */
const CLICK_SCALES = [0.1, 0.5]
const GUARD_SCALES: Record<(typeof GUARDS)[number], readonly number[]> = {
  failures: [0.02, 0.3],
  slowness: [0.02, 0.3],
  complaints: [0.01, 0.1],
  diversity: [0.02, 0.2],
}
/** Of the clicks before the experiment, which it cannot have changed. */
const BEFORE_ERROR = 0.01
/** For each guard: four of them call one of fifty harmless treatments harmful. */
const GUARD_ERROR = 0.005
/** Of the number of viewers in the arms: a fault of the assignment makes it nearly certain at once. */
const RATIO_ERROR = 0.01
const RATIO_SCALES = [0.02, 0.1]
/** With fewer viewers in an arm, sums of viewers are not normally distributed, as the tests take them to be. */
const VIEWERS_MIN = 30
const GUARD_VIEWERS_MIN = 10
/** One viewer in a hundred: a process that has heard of the experiment late. */
const IN_BOTH_MAX = 0.01

export function judge({ arms, inBoth }: Figures, { share, error }: { share: number; error: number }): Judgement {
  const { control, treatment } = arms
  const comparisons: Judgement['comparisons'] = {}
  const answer = (verdict: Verdict, reason: string): Judgement => ({ verdict, reason, comparisons })

  const hasViewers = (metric: Metric, least: number) => Math.min(control[metric].viewers, treatment[metric].viewers) >= least
  for (const guard of GUARDS)
    if (hasViewers(guard, GUARD_VIEWERS_MIN))
      comparisons[guard] = compareRates(control[guard], treatment[guard], { error: GUARD_ERROR, scales: GUARD_SCALES[guard] })
  for (const metric of ['clicks', 'before'] as const) {
    const rate = (control[metric].x + treatment[metric].x) / Math.max(1, control[metric].n + treatment[metric].n)
    const options = { error: metric === 'clicks' ? error : BEFORE_ERROR, scales: CLICK_SCALES.map(scale => scale * rate) }
    if (hasViewers(metric, VIEWERS_MIN) && rate > 0) comparisons[metric] = compareRates(control[metric], treatment[metric], options)
  }

  const viewers = control.viewers + treatment.viewers
  if (inBoth > IN_BOTH_MAX * viewers && inBoth >= VIEWERS_MIN) return answer('refused', `${inBoth} viewers are in both arms`)
  const expected = treatmentShareOf(share)
  if (isRatioWrong(treatment.viewers, viewers, expected))
    return answer('refused', `${treatment.viewers} of ${viewers} viewers are in the treatment, expected ${Math.round(viewers * expected)}`)

  if (comparisons.before?.isDifferent)
    return answer('refused', `the arms differed before it began: clicks a page: ${ratesOf(comparisons.before)}`)

  for (const guard of GUARDS) {
    const found = comparisons[guard]
    const isMore = (found?.difference ?? 0) > 0
    if (found?.isDifferent && isMore === (METRICS[guard].harm === 'more')) return answer('harmful', `${guard}: ${ratesOf(found)}`)
  }
  const { clicks } = comparisons
  if (!clicks) return answer('too-few', `at least ${VIEWERS_MIN} known viewers in each arm, and some clicks, are needed`)
  if (!clicks.isDifferent) return answer('unknown', '')
  return answer(clicks.difference > 0 ? 'better' : 'worse', `clicks a page: ${ratesOf(clicks)}`)
}

const ratesOf = ({ control, treatment }: Comparison) => `${treatment.toFixed(3)} in the treatment, ${control.toFixed(3)} in the control`

/** The sequential test of sequential-test.ts: may be asked as often as one likes. */
function isRatioWrong(treated: number, viewers: number, expected: number): boolean {
  if (viewers * Math.min(expected, 1 - expected) < GUARD_VIEWERS_MIN) return false
  const deviation = Math.sqrt((expected * (1 - expected)) / viewers)
  return evidenceOf(treated / viewers - expected, deviation, RATIO_SCALES) >= 1 / RATIO_ERROR
}
