// Whether a policy's value is known from another's log: in simulated worlds, the estimate from the log of one policy beside what the other
// would have been worth in its place, page by page. `OFF_POLICY_SEEDS`: worlds;
// `OFF_POLICY_ALONE=1`: also what the other is worth if it alone serves the week, which the log cannot know.

import { evaluatePolicy, type OffPolicyReport } from '../src/recommend/off-policy/evaluate-policy.ts'
import { completePolicy } from '../src/recommend/policy/policy.ts'
import type { PolicyDocument } from '../src/recommend/policy/policy-schema.ts'
import { type Report, round } from './report.ts'
import { liveByPolicy } from './simulated-log.ts'

const SEEDS = Number(process.env.OFF_POLICY_SEEDS ?? 20)
const VISITS = Number(process.env.OFF_POLICY_VISITS ?? 3_000)

const IS_RUN_ALONE = process.env.OFF_POLICY_ALONE === '1'

const LOGGED = completePolicy({ exploration: { share: 0.5 } }, 1)
const OTHERS: Record<string, PolicyDocument> = {
  'freshness 0.7': { exploration: { share: 0.5 }, factors: { freshness: 0.7 } },
  'appeal 1.3': { exploration: { share: 0.5 }, factors: { appeal: 1.3 } },
  'taste 0.7': { exploration: { share: 0.5 }, factors: { taste: 0.7 } },
  'explores on a quarter': { exploration: { share: 0.25 } },
  'no exploration': { exploration: { share: 0 } },
  'taste 0': { exploration: { share: 0.5 }, factors: { taste: 0 } },
}

interface Run {
  report: OffPolicyReport
  /** Clicks a page: if it had served these pages, and if it alone had served the whole week. */
  truth: number
  alone: number
  /** Of the policy that was logged. */
  logged: number
}

export async function measure(): Promise<Report> {
  const others = Object.entries(OTHERS).map(([name, document], i) => ({ name, policy: completePolicy(document, i + 2), runs: [] as Run[] }))
  for (let seed = 1; seed <= SEEDS; seed++) {
    const policies = others.map(({ policy }) => policy)
    const { pages, factsOf, value: logged, otherValues } = await liveByPolicy(LOGGED, seed, VISITS, policies)
    for (const [i, { policy, runs }] of others.entries()) {
      const alone = IS_RUN_ALONE ? (await liveByPolicy(policy, seed, VISITS)).value : Number.NaN
      const report = evaluatePolicy({ pages, policyOf, other: policy, factsOf })
      runs.push({ report, truth: otherValues[i] as number, alone, logged })
    }
  }
  return {
    load: `${SEEDS} worlds, ${VISITS} visits in seven days, the log without the first fifth; clicks a page; the log of five factors that explore on half of the pages`,
    rows: others.map(({ name, runs }) => rowOf(name, runs)),
  }
}

const policyOf = (version: number) => (version === LOGGED.version ? LOGGED : undefined)

function rowOf(policy: string, runs: readonly Run[]) {
  const mean = (pick: (run: Run) => number) => round(runs.reduce((sum, run) => sum + pick(run), 0) / runs.length)
  const interval = ({ report }: Run, name: 'ips' | 'snips' | 'dr' | 'logged') => report.values?.[name].ci95 ?? [Number.NaN, Number.NaN]
  const covered = (name: 'ips' | 'snips' | 'dr') =>
    `${runs.filter(run => run.truth >= interval(run, name)[0] && run.truth <= interval(run, name)[1]).length} of ${runs.length}`
  return {
    policy,
    logged: mean(({ report }) => report.values?.logged.value ?? Number.NaN),
    true: mean(({ truth }) => truth),
    alone: mean(({ alone }) => alone),
    ips: mean(({ report }) => report.values?.ips.value ?? Number.NaN),
    snips: mean(({ report }) => report.values?.snips.value ?? Number.NaN),
    dr: mean(({ report }) => report.values?.dr.value ?? Number.NaN),
    'interval ±': mean(run => (interval(run, 'dr')[1] - interval(run, 'dr')[0]) / 2),
    support: mean(({ report }) => report.support ?? Number.NaN),
    'effective pages': mean(({ report }) => report.effective_pages ?? Number.NaN),
    'in ips': covered('ips'),
    'in snips': covered('snips'),
    'in dr': covered('dr'),
    'true gain': mean(({ truth, logged }) => truth - logged),
    gain: mean(({ report }) => report.values?.gain.value ?? Number.NaN),
    'in gain': `${runs.filter(run => isWithin(run.truth - run.logged, run.report)).length} of ${runs.length}`,
  }
}

function isWithin(gain: number, { values }: OffPolicyReport): boolean {
  const [low, high] = values?.gain.ci95 ?? [Number.NaN, Number.NaN]
  return gain >= low && gain <= high
}
