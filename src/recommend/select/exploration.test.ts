import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../../base/seeded-random.ts'
import type { ImpressionStats } from '../catalogue/catalogue.ts'
import { sampleCandidate, upperBoundScore } from './exploration.ts'

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
