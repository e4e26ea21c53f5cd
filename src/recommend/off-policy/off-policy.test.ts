import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PROPENSITY_UNITS } from '../pages/page.ts'
import { completePolicy } from '../policy/policy.ts'
import type { PolicyDocument } from '../policy/policy-schema.ts'
import type { RankedArticle, RankingQuery } from '../ranking-query.ts'
import { weigh } from '../scores.ts'
import { EXPLORE_POSITION } from '../select/exploration.ts'
import { SOURCE_NAMES } from '../sources/source-names.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import { FACTORS, type LoggedPage, toLoggedPage } from './logged-page.ts'
import { makeLog, makeLoggedPages, trueValueOf } from './logged-world.fixture.ts'
import { loggedOrder, logScores } from './reorder.ts'

const LOGGED = completePolicy({ exploration: { share: 0.5 }, factors: { freshness: 2 } }, 1)
const evaluate = (pages: readonly LoggedPage[], document: PolicyDocument) =>
  evaluatePolicy({
    pages,
    policyOf: version => (version === LOGGED.version ? LOGGED : undefined),
    other: completePolicy(document, 2),
    factsOf: () => undefined,
  })

const SAME: PolicyDocument = { exploration: { share: 0.5 }, factors: { freshness: 2 } }
const OTHERS: Record<string, PolicyDocument> = {
  same: SAME,
  'less freshness': { ...SAME, factors: { freshness: 1.4 } },
  'more taste': { ...SAME, factors: { freshness: 2, taste: 1.4 } },
  'no exploration': { ...SAME, exploration: { share: 0 } },
  'what is fresh less': { ...SAME, sources: { fresh: 0.7 } },
}
const SEEDS = 2 // bench/off-policy.ts is the long form

test('the true value of another policy is within the interval of its estimate in at least nine of ten logs', () => {
  const found: Record<string, string> = {}
  let within = 0
  const logs = Array.from({ length: SEEDS }, (_, seed) => makeLoggedPages(LOGGED, { seed, pages: 400 }))
  for (const [name, document] of Object.entries(OTHERS)) {
    const truth = trueValueOf(completePolicy(document, 2))
    const reports = logs.map(pages => evaluate(pages, document))
    const covered = reports.filter(({ values }) => values && truth >= values.dr.ci95[0] && truth <= values.dr.ci95[1]).length
    within += covered
    const mean = reports.reduce((sum, { values }) => sum + (values?.dr.value ?? Number.NaN), 0) / SEEDS
    found[name] = `${covered} of ${SEEDS}, true ${truth.toFixed(3)}, mean ${mean.toFixed(3)}`
  }
  assert.ok(within >= 0.9 * SEEDS * Object.keys(OTHERS).length, JSON.stringify(found))
})

test('a policy that changes nothing is worth what was logged, exactly, and is supported wholly', () => {
  const { values, support, pages, effective_pages } = evaluate(makeLoggedPages(LOGGED, { seed: 1, pages: 300 }), SAME)
  for (const name of ['ips', 'dr', 'snips'] as const)
    assert.ok(Math.abs((values?.[name].value ?? 0) - (values?.logged.value ?? 1)) < 0.02, name)
  assert.ok(Math.abs(values?.gain.value ?? 1) < 0.02)
  assert.deepEqual([support, pages], [1, 300])
  assert.ok((effective_pages ?? 0) > 290)
})

test('a policy whose pages the log could not have shown is refused, and one that would have ranked half of them so is not', () => {
  const document: PolicyDocument = {
    factors: { freshness: 0, appeal: 0, taste: 0, closeness: 0, likeness: 10 },
    exploration: { share: 0.5 },
  }
  const pages = makeLoggedPages(LOGGED, { seed: 2, pages: 300 })
  const far = evaluate(pages, document)
  assert.equal(far.refused, undefined)
  assert.ok((far.support ?? 1) < 0.8)
  // All that it likes stood below the page.
  const below = pages.map(page => {
    const factors = page.factors.slice()
    for (const c of page.ids.keys()) factors[c * FACTORS.length + FACTORS.indexOf('likeness')] = c < page.places ? 1 : 2
    return { ...page, factors }
  })
  const { refused, support, values } = evaluate(below, document)
  assert.match(refused ?? '', /^the log does not show what the policy would: only \d+ % of it/)
  assert.ok((support ?? 1) < 0.5)
  assert.equal(values, undefined)
})

test('what is drawn with certainty is drawn: one open article, on each page', () => {
  const logged = completePolicy({}, 1)
  const [{ row, clickedIds }] = makeLog(logged, { seed: 6, pages: 1 }) as [ReturnType<typeof makeLog>[0]]
  const sources = row.sources.with(EXPLORE_POSITION, SOURCE_NAMES.indexOf('explore'))
  const propensity = row.propensity.with(EXPLORE_POSITION, PROPENSITY_UNITS)
  const page = toLoggedPage({ ...row, sources, propensity }, clickedIds) as LoggedPage
  assert.deepEqual(page.exploration, { isDrawn: true, probability: 1 })
  assert.ok(!loggedOrder(page).includes(EXPLORE_POSITION))
  const ranked = row.sources.with(EXPLORE_POSITION, SOURCE_NAMES.indexOf('fresh'))
  assert.equal(toLoggedPage({ ...row, sources: ranked, propensity }, clickedIds)?.exploration, undefined)
})

test('a source that no policy weighs counts in the log as it did in the ranking', () => {
  const policy = completePolicy({ sources: { covisited: 0.5 } }, 1)
  const [page] = makeLoggedPages(LOGGED, { seed: 7, pages: 1 }) as [LoggedPage]
  const from = [['rest'], ['covisited'], ['covisited', 'rest'], ...page.from.slice(3)]
  const weighed = logScores({ ...page, from }, policy)
  const plain = logScores({ ...page, from }, completePolicy({}, 1))
  const served = weigh({}, policy).factors.source
  for (const [c, sources] of from.slice(0, 3).entries()) {
    const ofSources = served?.({ policy } as RankingQuery) as (article: RankedArticle) => number
    const inRanking = ofSources({ from: sources } as unknown as RankedArticle)
    assert.ok(Math.abs(Math.exp((weighed[c] as number) - (plain[c] as number)) - inRanking) < 1e-9, String(sources))
  }
})

test('too few pages, clicks or readers are refused', () => {
  const pages = makeLoggedPages(LOGGED, { seed: 3, pages: 300 })
  assert.match(evaluate([], SAME).refused ?? '', /^too little to tell: 0 pages of 0 viewers with 0 clicks; at least 200 pages/)
  assert.match(evaluate(pages.slice(0, 100), SAME).refused ?? '', /^too little to tell/)
  const oneReader = pages.map(page => ({ ...page, viewer: 'r1' }))
  assert.match(evaluate(oneReader, SAME).refused ?? '', /of 1 viewers/)
  const noClicks = pages.map(page => ({ ...page, clicked: new Uint8Array(page.places) }))
  assert.match(evaluate(noClicks, SAME).refused ?? '', /with 0 clicks/)
})

test('a factor that knows the clicks is found out, whatever it is called, and no honest one is', () => {
  const pages = makeLoggedPages(LOGGED, { seed: 4, pages: 300 })
  assert.equal(evaluate(pages, SAME).refused, undefined)
  const leaky = pages.map(page => {
    const factors = page.factors.slice()
    // What a count would be that was read after the clicks instead of before them.
    for (let place = 0; place < page.places; place++)
      factors[place * FACTORS.length + FACTORS.indexOf('likeness')] = 1 + (page.clicked[place] as number) + 0.01 * (place % 3)
    return { ...page, factors }
  })
  assert.match(evaluate(leaky, SAME).refused ?? '', /^likeness knows the clicks: on \d+ % of comparisons/)
})

test('pages of policies that are not known, or that another ranker would have ranked, are left out and counted', () => {
  const pages = makeLoggedPages(LOGGED, { seed: 5, pages: 600 })
  const some = pages.map((page, i) => ({ ...page, policy: i % 3 === 0 ? 4 * 99 + 1 : i % 3 === 1 ? 4 + 2 : page.policy }))
  const report = evaluate(some, { ...SAME, factors: { freshness: 2, model: 0 } })
  assert.deepEqual(report.left_out, { 'of another policy': 200, 'by another ranker': 200 })
  assert.equal(report.pages, 200)
})
