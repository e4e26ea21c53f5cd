import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import { createArticleWeights, STRANGERS_SHARE_MAX } from './article-weights.ts'
import { createDailyWeights } from './daily-weights.ts'

const START = Date.UTC(2026, 5, 1)
const [one, other] = [1n, 2n] as ArticleId[] as [ArticleId, ArticleId]
const withWeights = () => createArticleWeights({ clock: () => START, isKept: () => true, onRebase() {} })

test('strangers together are a tenth of an article at most, however many they are and whenever they come', () => {
  const action = fc.record({ weight: fc.integer({ min: 1, max: 4 }), hour: fc.integer({ min: 0, max: 2_000 }), isKnown: fc.boolean() })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), fc.integer({ min: 0, max: 1_000_000 }), (actions, flood) => {
      const [weights, known] = [withWeights(), withWeights()]
      for (const { weight, hour, isKnown } of actions) {
        weights.add(one, weight, START + hour * HOUR, isKnown)
        if (isKnown) known.add(one, weight, START + hour * HOUR, true)
      }
      weights.add(one, flood, START, false)
      const now = START + 2_000 * HOUR
      const [whole, trusted] = [weights.at(one, now), known.at(one, now)]
      assert.ok(whole >= trusted * (1 - 1e-9))
      assert.ok(whole - trusted <= STRANGERS_SHARE_MAX * whole * (1 + 1e-9))
    }),
  )
})

test('a few strangers count in full beside many known viewers, and nothing where no one is known', () => {
  const weights = withWeights()
  for (let i = 0; i < 100; i++) weights.add(one, 1, START, true)
  for (let i = 0; i < 5; i++) for (const id of [one, other]) weights.add(id, 1, START, false)
  assert.deepEqual([weights.at(one, START), weights.at(other, START)], [105, 0])
})

test('a viewer weighs on a day as much as the strongest action, in whatever order the actions come', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, 2, 3, 4), { minLength: 1, maxLength: 20 }), actions => {
      const weights = createDailyWeights()
      const added = actions.reduce<number>((sum, weight) => sum + weights.increase('r1', one, START, weight), 0)
      assert.equal(added, Math.max(...actions))
      assert.equal(weights.increase('r1', other, START, 1), 1, 'another article')
      assert.equal(weights.increase('r2', one, START, 1), 1, 'another viewer')
      assert.equal(weights.increase('r1', one, START + DAY, 1), 1, 'another day')
    }),
    { numRuns: 20 },
  )
})
