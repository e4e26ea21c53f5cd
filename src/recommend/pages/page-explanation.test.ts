import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId } from '../../base/id.ts'
import { NO_FACTORS } from '../pipeline/factor-table.ts'
import {
  type NewExplanation,
  type PackedExplanation,
  type PageExplanation,
  packExplanation,
  unpackExplanation,
} from './page-explanation.ts'

type Items = (PageExplanation['items'][number] & { id?: ArticleId })[]

/** As a ranking of these would have left them. */
function ranked({ funnel, items, runnersUp = [] }: { funnel: PageExplanation['funnel']; items: Items; runnersUp?: Items }): NewExplanation {
  const all = [...items, ...runnersUp]
  const names = Object.keys(all.find(({ factors }) => Object.keys(factors).length > 0)?.factors ?? {})
  const table = { names, values: Float32Array.from(all.flatMap(({ factors }) => names.map(name => factors[name] ?? Number.NaN))) }
  const candidates = all.map(({ id = 1n as ArticleId, from, factors }, row) => ({
    id,
    from,
    factors: Object.keys(factors).length > 0 ? table : NO_FACTORS,
    row,
  }))
  return { funnel, items: candidates.slice(0, items.length), runnersUp: candidates.slice(items.length) }
}

test('the explanation of a page is stored with three digits', () => {
  const explanation: PageExplanation = {
    funnel: [
      { step: 'sources.fresh', left: 200 },
      { step: 'filter.unseen', left: 180 },
    ],
    items: [
      { from: ['trending', 'fresh'], factors: { appeal: 1.5, freshness: 0.123 } },
      { from: ['explore'], factors: { appeal: 1, freshness: 0.98765 } },
    ],
  }
  const stored = unpackExplanation(JSON.parse(JSON.stringify(packExplanation(ranked(explanation)))))
  assert.deepEqual(stored, {
    ...explanation,
    items: [explanation.items[0], { from: ['explore'], factors: { appeal: 1, freshness: 0.988 } }],
    runnersUp: [],
  })
})

test('the articles that came next are stored behind those of the page, and pages from before they were are still read', () => {
  const items = [{ from: ['fresh', 'explore'], factors: { appeal: 1, freshness: 12_345 } }]
  const runnersUp = [
    { id: 7_000_000_000_000_000_001n as ArticleId, from: ['trending', 'fresh'], factors: { appeal: 0.001_234_5, freshness: 0 } },
    { id: 8n as ArticleId, from: ['explore'], factors: { appeal: Number.NaN, freshness: 99.92 } },
  ]
  const packed = JSON.parse(JSON.stringify(packExplanation(ranked({ funnel: [], items, runnersUp }))))
  assert.deepEqual(unpackExplanation(packed), {
    funnel: [],
    items: [{ from: ['fresh', 'explore'], factors: { appeal: 1, freshness: 12_300 } }],
    runnersUp: [
      { ...runnersUp[0], factors: { appeal: 0.001_23, freshness: 0 } },
      { ...runnersUp[1], factors: { freshness: 99.9 } },
    ],
  })
  const before = { steps: [], left: [], factors: ['appeal'], items: [[['fresh', 'trending'], [0.5]]] } as unknown as PackedExplanation
  assert.deepEqual(unpackExplanation(before), { funnel: [], items: [{ from: ['fresh', 'trending'], factors: { appeal: 0.5 } }] })
})

test('a page without articles has an empty explanation', () => {
  assert.deepEqual(unpackExplanation(packExplanation({ funnel: [], items: [] })), { funnel: [], items: [], runnersUp: [] })
})

test('an article that was not scored, because it is shown again, has no factors beside others that have', () => {
  const items: PageExplanation['items'] = [
    { from: ['seen'], factors: {} },
    { from: ['fresh'], factors: { appeal: 0.4 } },
  ]
  assert.deepEqual(unpackExplanation(packExplanation(ranked({ funnel: [], items }))).items, items)
})
