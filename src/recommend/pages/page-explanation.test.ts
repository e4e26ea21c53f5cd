import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pack, unpack, type Why } from './page-explanation.ts'

test('why a page is as it is comes back as it was put, to three digits', () => {
  const why: Why = {
    funnel: [
      { step: 'sources.fresh', left: 200 },
      { step: 'filter.unseen', left: 180 },
    ],
    items: [
      { from: ['fresh', 'trending'], factors: { appeal: 1.5, freshness: 0.123 } },
      { from: ['explore'], factors: { appeal: 1, freshness: 0.98765 } },
    ],
  }
  const kept = unpack(JSON.parse(JSON.stringify(pack(why))))
  assert.deepEqual(kept, { ...why, items: [why.items[0], { from: ['explore'], factors: { appeal: 1, freshness: 0.988 } }] })
})

test('a page without articles, or without steps, has nothing to say', () => {
  assert.deepEqual(unpack(pack({ funnel: [], items: [] })), { funnel: [], items: [] })
})
