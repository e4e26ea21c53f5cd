import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { draw, prospect, type Trial } from './exploration.ts'

const trial = (n: number, shown: number, clicks: number): Trial & { n: number } => ({ n, shown, clicks })

test('what was shown often and never opened looks worse than what nobody has seen', () => {
  assert.ok(prospect(trial(1, 50, 0)) < prospect(trial(2, 0, 0)))
  assert.ok(prospect(trial(3, 50, 20)) > prospect(trial(2, 0, 0)))
})

test('the chance that is kept is the chance with which it is drawn', () => {
  const trials = [trial(1, 0, 0), trial(2, 20, 0), trial(3, 20, 6), trial(4, 90, 2)]
  const random = createSeededRandom('explore', 1)
  const drawn = new Map<number, { times: number; propensity: number }>()
  const rounds = 20_000
  for (let i = 0; i < rounds; i++) {
    const one = draw(trials, random.next())
    assert.ok(one)
    drawn.set(one.chosen.n, { times: (drawn.get(one.chosen.n)?.times ?? 0) + 1, propensity: one.propensity })
  }
  for (const { times, propensity } of drawn.values()) assert.ok(Math.abs(times / rounds - propensity) < 0.02)
  const sum = [...drawn.values()].reduce((total, { propensity }) => total + propensity, 0)
  assert.ok(Math.abs(sum - 1) < 1e-9)
})

test('with nothing to try nothing is drawn', () => {
  assert.equal(draw([], 0.5), undefined)
  assert.equal(draw([trial(1, 0, 0)], 0.999_999)?.propensity, 1)
})
