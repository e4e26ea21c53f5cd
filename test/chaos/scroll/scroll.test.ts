import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { type Product, startProduct } from '../../support/product.ts'
import { runScrolls } from './scenario.ts'

const OPTIONS = {
  smoke: { viewers: 10, articles: 120, perSecond: 20, seed: 1, readMs: 0 },
  full: { viewers: 200, articles: 300, perSecond: 50, seed: 1, readMs: 500 },
}[SIZE]
let product: Product

before(async () => {
  product = await startProduct()
})

test('viewers who scroll to the end while articles are published see each article once, and no page changes', async t => {
  const figures = await runScrolls(product, OPTIONS)
  t.diagnostic(JSON.stringify(figures))
  if (SIZE === 'smoke') return
  assert.equal(figures.fallbackPages, 0, 'the machine is too busy for this test')
  assert.ok(figures.perSecond > 45, `only ${figures.perSecond} articles a second were published`)
})
