// How often an experiment finds a difference, in simulations: where there is none, and where one is planted. Only `judge` is run, on sums
// of simulated viewers, after each day. `EXPERIMENT_RUNS`: of each row; by default as in docs/experiments.md.

import { treatmentShareOf } from '../src/recommend/experiments/assignment.ts'
import type { Sums } from '../src/recommend/experiments/sequential-test.ts'
import { ERROR, TRIAL_SHARE } from '../src/recommend/experiments/trial.ts'
import { type ArmFigures, GUARDS, judge, METRICS, type Metric, type Verdict } from '../src/recommend/experiments/verdict.ts'
import { type Population, simulateDays, sumsOf } from '../src/recommend/experiments/viewer-days.fixture.ts'
import type { Report } from './report.ts'

const EQUAL_RUNS = 400
const GUARD_RUNS = 3_000
const TRIAL_RUNS = 200
const runsOf = (usual: number) => Number(process.env.EXPERIMENT_RUNS ?? usual)

const HALF = 0.5
/** What a page is clicked, in all of them but the guards. */
const RATE = 0.5
/** Of the logarithm of a viewer's rate: viewers who differ more make false alarms rarer, and harm harder to find. */
const SPREAD = { small: 0.5, large: 1 }

interface Simulation {
  population: Population
  /** Of all viewers of the site. */
  share: number
  /** Whose figures the simulated viewers are; there are none of the others. */
  metrics: readonly Metric[]
  runs: number
}

/** In how many runs any day's look has one of these verdicts. */
function count({ population, share, metrics, runs }: Simulation, verdicts: readonly Verdict[]): string {
  let found = 0
  for (let seed = 0; seed < runs; seed++) {
    const days = simulateDays(seed, population)
    found += Number(days.some(day => verdicts.includes(judgeDay(day, metrics, share))))
  }
  return `${found} of ${runs}`
}

function judgeDay([control, treatment]: [Sums, Sums], metrics: readonly Metric[], share: number): Verdict {
  const armOf = (sums: Sums): ArmFigures => {
    const all = Object.keys(METRICS).map(metric => [metric, metrics.includes(metric as Metric) ? sums : sumsOf([])])
    return { ...(Object.fromEntries(all) as Record<Metric, Sums>), viewers: sums.viewers }
  }
  return judge({ arms: { control: armOf(control), treatment: armOf(treatment) }, inBoth: 0 }, { share, error: ERROR }).verdict
}

/** Each viewer comes on one of thirty days: every look brings independent news. */
function equalArms() {
  const population = { viewers: 3_000, days: 30, share: HALF, rate: RATE, spread: SPREAD.small, isOnce: true }
  const simulation = { population, share: HALF, metrics: ['clicks'] as const, runs: runsOf(EQUAL_RUNS) }
  return [{ simulation: 'equal arms, 3,000 viewers, each on one of 30 days', found: count(simulation, ['better', 'worse']) }]
}

/** All four guards are asked about the same viewers. */
const guards = () =>
  [100, 400, 1_600].flatMap(viewers =>
    [0.001, 0.01, 0.05, 0.2, 0.5].map(rate => {
      const population = { viewers, days: 7, share: HALF, rate, spread: SPREAD.large }
      const simulation = { population, share: HALF, metrics: GUARDS, runs: runsOf(GUARD_RUNS) }
      return { simulation: `guards, equal arms, ${viewers} viewers, ${rate} of the pages`, found: count(simulation, ['harmful']) }
    }),
  )

/** Of the viewers of the site, a twentieth is in the treatment and a half in the control. */
const trials = () =>
  [2_000, 10_000].flatMap(known =>
    [0.2, 0.5, 0.7, 0.8, 1].map(effect => {
      const viewers = Math.round(known * (TRIAL_SHARE + HALF))
      const population = { viewers, days: 1, share: treatmentShareOf(TRIAL_SHARE), rate: RATE, spread: SPREAD.small, effect }
      const simulation = { population, share: TRIAL_SHARE, metrics: ['clicks'] as const, runs: runsOf(TRIAL_RUNS) }
      const lost = Math.round(100 * (1 - effect))
      return { simulation: `trial of a day, ${known} known viewers, loses ${lost} % of the clicks`, found: count(simulation, ['worse']) }
    }),
  )

export const measure = async (): Promise<Report> => ({
  load: 'simulated viewers, some pages each, 0.5 clicks a page; found: a difference, harm, or that the trial is worse, at a look after any day',
  rows: [...equalArms(), ...guards(), ...trials()],
})
