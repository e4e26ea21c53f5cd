// What an experiment says of its figures, and in which arm a viewer is. follow-job.test.ts has the rows.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { armOf, treatmentShareOf } from './assignment.ts'
import { compareRates, differenceNeeded, evidenceOf, type Sums } from './sequential-test.ts'
import { type ArmFigures, type Figures, GUARDS, judge, type Metric } from './verdict.ts'
import { type Population, simulateDays, sumsOf } from './viewer-days.fixture.ts'

const RUNS = 1_000
const OPTIONS = { share: 0.5, error: 0.05 }

/** An arm in which all guards are as in the other one. */
const armWith = (metrics: Partial<Record<Metric, Sums>>, viewers = metrics.clicks?.viewers ?? 500): ArmFigures => {
  const usual = sumsOf(Array.from({ length: viewers }, (_, i) => ({ n: 10, x: 5 + (i % 3) })))
  const guards = Object.fromEntries(GUARDS.map(guard => [guard, usual]))
  return { ...guards, clicks: usual, before: usual, viewers, ...metrics } as ArmFigures
}
const figuresOf = (control: ArmFigures, treatment: ArmFigures, inBoth = 0): Figures => ({ arms: { control, treatment }, inBoth })

type Finds = (control: Sums, treatment: Sums) => boolean

/** In how many of these experiments each test finds a difference, looking after every day. */
function countFound(runs: number, population: Population, tests: Finds[]): number[] {
  const found = tests.map(() => 0)
  for (let seed = 0; seed < runs; seed++) {
    const days = simulateDays(seed, population)
    for (const [i, finds] of tests.entries())
      if (days.some(([control, treatment]) => finds(control, treatment))) found[i] = (found[i] as number) + 1
  }
  return found
}

const isJudgedDifferent: Finds = (control: Sums, treatment: Sums) =>
  ['better', 'worse'].includes(judge(figuresOf(armWith({ clicks: control }), armWith({ clicks: treatment })), OPTIONS).verdict)

/** What one would do without this: two means, their standard errors, and a look each day. */
function differsByZ(control: Sums, treatment: Sums): boolean {
  const variance = ({ n, x, nn, nx, xx }: Sums) => (xx - 2 * (x / n) * nx + (x / n) ** 2 * nn) / n ** 2
  return Math.abs(treatment.x / treatment.n - control.x / control.n) > 1.96 * Math.sqrt(variance(control) + variance(treatment))
}

test('of a thousand experiments with equal arms, looked at every day, at most one in twenty finds a difference', t => {
  // New viewers each day: every look brings independent news, which is the hardest case.
  const population = { viewers: 400, days: 14, share: 0.5, rate: 0.5, spread: 1, isOnce: true }
  const [alarms = 0, naive = 0] = countFound(RUNS, population, [isJudgedDifferent, differsByZ])
  t.diagnostic(`${alarms} of ${RUNS}; a test that may be looked at once: ${naive}`)
  assert.ok(alarms <= RUNS * OPTIONS.error)
  assert.ok(naive > 3 * RUNS * OPTIONS.error, 'looking every day matters')
})

test('viewers who come again, differ, and are few in the treatment bring no more false alarms', () => {
  const runs = 100
  for (const population of [
    { viewers: 200, days: 14, share: 0.5, rate: 0.5, spread: 1 },
    { viewers: 800, days: 5, share: 0.05, rate: 0.3, spread: 1 },
    { viewers: 300, days: 7, share: 0.5, rate: 0.02, spread: 0.5 },
  ])
    assert.ok((countFound(runs, population, [isJudgedDifferent])[0] ?? runs) <= runs * OPTIONS.error)
})

test('a planted effect of a fifth is found, and its interval contains it', t => {
  const population = { viewers: 1_500, days: 7, share: 0.5, rate: 0.5, spread: 0.5, effect: 1.2 }
  const [found = 0] = countFound(40, population, [isJudgedDifferent])
  t.diagnostic(`${found} of 40`)
  assert.ok(found >= 30)
  const [control, treatment] = simulateDays(1, population).at(-1) as [Sums, Sums]
  const { low, high } = compareRates(control, treatment, { error: 0.05, scales: [0.05] }) as { low: number; high: number }
  assert.ok(low < 0.1 && high > 0.1 && low > 0)
})

test('clicks of one viewer are one observation: one who clicks a thousand times decides nothing', () => {
  const usual = () => Array.from({ length: 300 }, (_, i) => ({ n: 10, x: 5 + (i % 3) - 1 }))
  const clicks = sumsOf([...usual(), { n: 1_000, x: 1_000 }])
  assert.equal(judge(figuresOf(armWith({ clicks: sumsOf(usual()) }), armWith({ clicks })), OPTIONS).verdict, 'unknown')
})

test('the evidence for a difference at which the limits are drawn is that of the stated error', () => {
  for (const deviation of [0.001, 0.1, 10]) {
    const difference = differenceNeeded(deviation, { error: 0.05, scales: [0.05, 0.5] })
    assert.ok(Math.abs(evidenceOf(difference, deviation, [0.05, 0.5]) - 20) < 1e-6)
    assert.ok(difference > 2 * deviation)
  }
})

test('arms with another proportion of viewers than the assignment has are refused, however the clicks are', () => {
  const reasonOf = (control: number, treatment: number, share: number) => {
    const { verdict, reason } = judge(figuresOf(armWith({}, control), armWith({}, treatment)), { share, error: 0.05 })
    return verdict === 'refused' ? reason : ''
  }
  assert.equal(reasonOf(1_000, 1_040, 0.5), '')
  assert.equal(reasonOf(1_000, 700, 0.5), '700 of 1700 viewers are in the treatment, expected 850')
  assert.equal(reasonOf(5_000, 500, 0.05), '')
  assert.match(reasonOf(5_000, 900, 0.05), /900 of 5900/)
  assert.equal(reasonOf(3, 0, 0.5), '', 'three viewers may be in one arm')
  // Looked at after every tenth viewer, in forty experiments.
  let refused = 0
  for (let run = 0; run < 40; run++) {
    const counts = { control: 0, treatment: 0 }
    let isRefused = false
    for (let i = 0; i < 1_000; i++) {
      const arm = armOf({ key: `run ${run}`, share: 0.2 }, `r${i}`)
      if (arm) counts[arm]++
      if (i % 10 === 0) isRefused ||= reasonOf(counts.control, counts.treatment, 0.2) !== ''
    }
    refused += Number(isRefused)
  }
  assert.ok(refused <= 1)
  assert.equal(judge(figuresOf(armWith({}), armWith({}), 40), OPTIONS).reason, '40 viewers are in both arms')
})

test('each guard finds the harm it stands for, and no harm in the other direction', () => {
  const viewers = 400
  const often = sumsOf(Array.from({ length: viewers }, (_, i) => ({ n: 10, x: i % 4 })))
  const seldom = sumsOf(Array.from({ length: viewers }, (_, i) => ({ n: 10, x: Number(i % 8 === 0) })))
  for (const guard of GUARDS) {
    const isMoreWorse = guard !== 'diversity'
    const [worse, usual] = isMoreWorse ? [often, seldom] : [seldom, often]
    const verdictOf = (control: Sums, treatment: Sums) =>
      judge(figuresOf(armWith({ [guard]: control }, viewers), armWith({ [guard]: treatment }, viewers)), OPTIONS)
    assert.equal(verdictOf(usual, worse).verdict, 'harmful')
    assert.match(verdictOf(usual, worse).reason, new RegExp(`^${guard}: \\d\\.\\d{3} in the treatment, \\d\\.\\d{3} in the control$`))
    assert.equal(verdictOf(worse, usual).verdict, 'unknown')
  }
})

test('a model that fails for all its viewers is found out by twenty of them', () => {
  const failures = (viewers: number, x: number) => sumsOf(Array.from({ length: viewers }, () => ({ n: 5, x })))
  const verdictOf = (treated: number, x: number) =>
    judge(figuresOf(armWith({ failures: failures(10 * treated, 0) }, 10 * treated), armWith({ failures: failures(treated, x) }, treated)), {
      share: 0.05,
      error: 0.05,
    }).verdict
  assert.equal(verdictOf(20, 5), 'harmful')
  assert.notEqual(verdictOf(20, 0), 'harmful')
})

test('with one viewer, none, or no click there is not enough yet', () => {
  const none = sumsOf([])
  const empty = armWith(Object.fromEntries([...GUARDS, 'clicks', 'before'].map(metric => [metric, none])), 0)
  const one = armWith(Object.fromEntries([...GUARDS, 'clicks', 'before'].map(metric => [metric, sumsOf([{ n: 3, x: 1 }])])), 1)
  const unclicked = armWith({ clicks: sumsOf(Array.from({ length: 100 }, () => ({ n: 2, x: 0 }))) })
  for (const [control, treatment] of [
    [empty, empty],
    [one, empty],
    [unclicked, unclicked],
  ] as const)
    assert.equal(judge(figuresOf(control, treatment), OPTIONS).verdict, 'too-few')
})

test('a viewer stays in an arm when the share grows, and is in another one of the next experiment as by chance', () => {
  const viewers = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? `r${i}` : `dphone-${i}`))
  const key = 'one experiment'
  const armsAt = (share: number, of = key) => viewers.map(viewer => armOf({ key: of, share }, viewer))
  const [small, large] = [armsAt(0.05), armsAt(0.3)]
  for (const [i, arm] of small.entries()) if (arm) assert.equal(large[i], arm)
  const part = (arms: (string | undefined)[]) => arms.filter(arm => arm === 'treatment').length / arms.filter(arm => arm).length
  assert.ok(Math.abs(part(small) - treatmentShareOf(0.05)) < 0.01)
  assert.ok(Math.abs(part(large) - treatmentShareOf(0.3)) < 0.01)
  const next = armsAt(0.3, 'the next one')
  const again = next.filter((arm, i) => arm === 'treatment' && large[i] === 'treatment').length / viewers.length
  assert.ok(Math.abs(again - 0.09) < 0.01)
})
