import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PageExplanation, packExplanation, unpackExplanation } from './page-explanation.ts'

test('the explanation of a page is stored with three digits', () => {
  const explanation: PageExplanation = {
    funnel: [
      { step: 'sources.fresh', left: 200 },
      { step: 'filter.unseen', left: 180 },
    ],
    items: [
      { from: ['fresh', 'trending'], factors: { appeal: 1.5, freshness: 0.123 } },
      { from: ['explore'], factors: { appeal: 1, freshness: 0.98765 } },
    ],
  }
  const stored = unpackExplanation(JSON.parse(JSON.stringify(packExplanation(explanation))))
  assert.deepEqual(stored, {
    ...explanation,
    items: [explanation.items[0], { from: ['explore'], factors: { appeal: 1, freshness: 0.988 } }],
  })
})

test('a page without articles has an empty explanation', () => {
  assert.deepEqual(unpackExplanation(packExplanation({ funnel: [], items: [] })), { funnel: [], items: [] })
})

test('an article that was not scored, because it is shown again, has no factors beside others that have', () => {
  const items: PageExplanation['items'] = [
    { from: ['seen'], factors: {} },
    { from: ['fresh'], factors: { appeal: 0.4 } },
  ]
  assert.deepEqual(unpackExplanation(packExplanation({ funnel: [], items })).items, items)
})
