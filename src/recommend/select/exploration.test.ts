import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { createCatalogue, type ImpressionStats } from '../catalogue/catalogue.ts'
import type { RankedArticle } from '../ranking-query.ts'
import { EXPLORE_POSITION, insertExploration, sampleCandidate, upperBoundScore } from './exploration.ts'

const candidate = (n: number, shown: number, clicks: number): ImpressionStats & { n: number } => ({ n, shown, clicks })

test('an article shown often and never clicked scores below one that was never shown', () => {
  assert.ok(upperBoundScore(candidate(1, 50, 0)) < upperBoundScore(candidate(2, 0, 0)))
  assert.ok(upperBoundScore(candidate(3, 50, 20)) > upperBoundScore(candidate(2, 0, 0)))
})

test('each candidate is drawn with the propensity that is reported', () => {
  const candidates = [candidate(1, 0, 0), candidate(2, 20, 0), candidate(3, 20, 6), candidate(4, 90, 2)]
  const random = createSeededRandom('explore', 1)
  const drawn = new Map<number, { times: number; propensity: number }>()
  const rounds = 20_000
  for (let i = 0; i < rounds; i++) {
    const one = sampleCandidate(candidates, random.next())
    assert.ok(one)
    drawn.set(one.chosen.n, { times: (drawn.get(one.chosen.n)?.times ?? 0) + 1, propensity: one.propensity })
  }
  for (const { times, propensity } of drawn.values()) assert.ok(Math.abs(times / rounds - propensity) < 0.02)
  const sum = [...drawn.values()].reduce((total, { propensity }) => total + propensity, 0)
  assert.ok(Math.abs(sum - 1) < 1e-9)
})

test('without candidates none is drawn, and a single one always is', () => {
  assert.equal(sampleCandidate([], 0.5), undefined)
  assert.equal(sampleCandidate([candidate(1, 0, 0)], 0.999_999)?.propensity, 1)
})

test('a policy explores on a share of the pages, and a page says how probable its fifth place was', () => {
  const article = (n: number) =>
    ({ id: BigInt(n), facts: { id: BigInt(n) }, from: ['fresh'], factors: {}, score: 1 }) as unknown as RankedArticle
  const page = Array.from({ length: 10 }, (_, n) => article(n))
  const open = [article(20), article(21)]
  const catalogue = createCatalogue(() => 0)
  const insert = (share: number, ...numbers: number[]) => {
    const shown = insertExploration(page, open, { catalogue, random: () => numbers.shift() ?? assert.fail('one number too many'), share })
    const { id, propensity } = shown[EXPLORE_POSITION] as RankedArticle
    return { id: Number(id), propensity, length: shown.length, left: numbers.length }
  }
  assert.deepEqual(insert(1, 0.9), { id: 21, propensity: 0.5, length: 10, left: 0 }) // one number, as without a policy
  assert.deepEqual(insert(0.4, 0.39, 0.1), { id: 20, propensity: 0.2, length: 10, left: 0 })
  assert.deepEqual(insert(0.4, 0.4), { id: 4, propensity: 0.6, length: 10, left: 0 })
  assert.deepEqual(insert(0), { id: 4, propensity: undefined, length: 10, left: 0 })
  const nothingOpen = insertExploration(page, [], { catalogue, random: () => assert.fail('nothing is drawn'), share: 0.4 })
  assert.equal(nothingOpen, page)
})
